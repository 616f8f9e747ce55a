--[[
  Raise the fences of pets and drop what is older. Idempotent, and safe in any order: a fence never goes back.

  KEYS[4i-3] fence   KEYS[4i-2] result without conditions   KEYS[4i-1] tags   KEYS[4i] what was dropped, of the i-th pet
  ARGV[1] the fences' life, ms   ARGV[2] for how long it is known what was dropped, ms
  ARGV[2i+1] version   ARGV[2i+2] owner id, '' when the pet is gone
  Returns how many keys these versions dropped, now or when they were told before: results and tags. The fences stay.

  The relay of any process may tell a change before whoever made it does, and who made it wants the number. So a version
  that dropped something leaves KEYS[4i]: version|how many.

  The results under conditions are KEYS[4i-2] .. ':' .. hash, one for each tag 'conditions:<hash>'. They are not in KEYS,
  since only this script knows which exist, but carry the same hash tag and so lie on the same node.
]]
local function dropped_before(dropped_key, version)
  local found = redis.pcall('GET', dropped_key)
  if type(found) ~= 'string' then return 0 end
  local dropper, count = string.match(found, '^(%d+)|(%d+)$')
  return tonumber(dropper) == version and tonumber(count) or 0
end

local function invalidate(fence_key, result_key, tags_key, dropped_key, new_version, owner)
  local version = tonumber(new_version)
  local found = redis.pcall('GET', fence_key)
  local epoch, current, run
  if type(found) == 'string' then
    epoch, current, run = string.match(found, '^1|(%d+)|(%d+)|[^|]*|([^|]*)|')
  end
  -- What a fill has put there and not verified is no fence: our word takes its place, unless it speaks of a newer version.
  if current and string.sub(run, 1, 1) == '~' and tonumber(current) == version then current = nil end

  -- The fence says this version or a newer one already: what is cached is not older than this change.
  if current and tonumber(current) >= version then return dropped_before(dropped_key, version) end

  redis.call('SET', fence_key, table.concat({ '1', epoch or '0', new_version, owner, '', '' }, '|'), 'PX', ARGV[1])
  local dropped = 0
  local members = redis.pcall('SMEMBERS', tags_key)
  if type(members) == 'table' and not members.err then
    for _, member in ipairs(members) do
      local hash = string.match(member, '^conditions:(%x+)$')
      if hash then dropped = dropped + redis.call('UNLINK', result_key .. ':' .. hash) end
    end
  end
  dropped = dropped + redis.call('UNLINK', result_key, tags_key)
  if dropped > 0 then redis.call('SET', dropped_key, new_version .. '|' .. dropped, 'PX', ARGV[2]) end
  return dropped
end

local dropped = 0
for i = 1, #KEYS / 4 do
  local k, a = 4 * i, 2 * i + 1
  dropped = dropped + invalidate(KEYS[k - 3], KEYS[k - 2], KEYS[k - 1], KEYS[k], ARGV[a], ARGV[a + 1])
end
return dropped
