--[[
  Raise a pet's fence and drop what is older. Idempotent, and safe in any order: the fence never goes back.

  KEYS[1] fence   KEYS[2] result without conditions   KEYS[3] tags
  ARGV[1] version   ARGV[2] owner id, '' when the pet is gone   ARGV[3] the fence's life, ms
  Returns how many keys were dropped: results and tags. The fence stays.

  The results under conditions are KEYS[2] .. ':' .. hash, one for each tag 'conditions:<hash>'. They are not in KEYS,
  since only this script knows which exist, but carry the same hash tag and so lie on the same node.
]]
local version = tonumber(ARGV[1])
local found = redis.pcall('GET', KEYS[1])
local epoch, current
if type(found) == 'string' then
  epoch, current = string.match(found, '^1|(%d+)|(%d+)|')
end

-- The fence says this version or a newer one already: what is cached is not older than this change.
if current and tonumber(current) >= version then return 0 end

redis.call('SET', KEYS[1], table.concat({ '1', epoch or '0', ARGV[1], ARGV[2], '', '' }, '|'), 'PX', ARGV[3])
local dropped = 0
local members = redis.pcall('SMEMBERS', KEYS[3])
if type(members) == 'table' and not members.err then
  for _, member in ipairs(members) do
    local hash = string.match(member, '^conditions:(%x+)$')
    if hash then dropped = dropped + redis.call('UNLINK', KEYS[2] .. ':' .. hash) end
  end
end
return dropped + redis.call('UNLINK', KEYS[2], KEYS[3])
