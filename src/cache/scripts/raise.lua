--[[
  Raise a number: the epoch, or the revision of a product. Idempotent, and safe in any order: it never goes back.

  KEYS[1] the number
  ARGV[1] what it must be at least   ARGV[2] its life, ms
  Returns 'raised', 'created' (none was there: verify) or 'kept' (it said this or more already).
]]
local found = redis.pcall('GET', KEYS[1])
local current = type(found) == 'string' and tonumber(found) or nil
if current and current >= tonumber(ARGV[1]) then return 'kept' end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
if current then return 'raised' end
return 'created'
