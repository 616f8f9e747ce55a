--[[
  Keep a small value beside a pet (its summary, a match score), unless the pet has moved on.

  KEYS[1] fence   KEYS[2] value   KEYS[3] the names of such values of this pet, a set
  ARGV[1] version   ARGV[2] value   ARGV[3] its life, ms
  Returns 'stored', or 'superseded' (no fence, one that nobody has verified yet, or not of this
  version: nothing changed).

  The set lives as long as the newest value in it. By it invalidate.lua finds what to drop when the pet is deleted.

  Without a fence nothing is kept: the pet's next run puts one in place, verified.
]]
local found = redis.pcall('GET', KEYS[1])
local version = type(found) == 'string' and string.match(found, '^1|%d+|(%d+)|[^|]*|[^~]*$') or nil
if not version or tonumber(version) ~= tonumber(ARGV[1]) then return 'superseded' end
local added = redis.pcall('SADD', KEYS[3], KEYS[2])
if type(added) == 'table' and added.err then
  -- Of a wrong type.
  redis.call('UNLINK', KEYS[3])
  redis.call('SADD', KEYS[3], KEYS[2])
end
redis.call('PEXPIRE', KEYS[3], ARGV[3])
redis.call('SET', KEYS[2], ARGV[2], 'PX', ARGV[3])
return 'stored'
