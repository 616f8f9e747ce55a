--[[
  Raise the fences of pets and drop what is older. Idempotent, and safe in any order: a fence never goes back.

  KEYS[3i-2] fence   KEYS[3i-1] result without conditions   KEYS[3i] tags, of the i-th pet
  ARGV[1] the fences' life, ms   ARGV[2i] version   ARGV[2i+1] owner id, '' when the pet is gone
  Returns how many keys were dropped: results and tags. The fences stay.

  The results under conditions are KEYS[3i-1] .. ':' .. hash, one for each tag 'conditions:<hash>'. They are not in KEYS,
  since only this script knows which exist, but carry the same hash tag and so lie on the same node.
]]
local function invalidate(fence_key, result_key, tags_key, new_version, owner)
  local version = tonumber(new_version)
  local found = redis.pcall('GET', fence_key)
  local epoch, current
  if type(found) == 'string' then
    epoch, current = string.match(found, '^1|(%d+)|(%d+)|')
  end

  -- The fence says this version or a newer one already: what is cached is not older than this change.
  if current and tonumber(current) >= version then return 0 end

  redis.call('SET', fence_key, table.concat({ '1', epoch or '0', new_version, owner, '', '' }, '|'), 'PX', ARGV[1])
  local dropped = 0
  local members = redis.pcall('SMEMBERS', tags_key)
  if type(members) == 'table' and not members.err then
    for _, member in ipairs(members) do
      local hash = string.match(member, '^conditions:(%x+)$')
      if hash then dropped = dropped + redis.call('UNLINK', result_key .. ':' .. hash) end
    end
  end
  return dropped + redis.call('UNLINK', result_key, tags_key)
end

local dropped = 0
for i = 1, #KEYS / 3 do
  dropped = dropped + invalidate(KEYS[3 * i - 2], KEYS[3 * i - 1], KEYS[3 * i], ARGV[2 * i], ARGV[2 * i + 1])
end
return dropped
