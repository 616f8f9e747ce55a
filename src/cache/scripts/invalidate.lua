--[[
  Raise the fences of pets and drop what is older. Idempotent, and safe in any order: a fence never goes back.

  KEYS[5i-4] fence   KEYS[5i-3] result without conditions   KEYS[5i-2] tags   KEYS[5i-1] what was dropped
  KEYS[5i] the names of what is kept beside the i-th pet
  ARGV[1] the fences' life, ms   ARGV[2] for how long it is known what was dropped, ms
  ARGV[2i+1] version   ARGV[2i+2] owner id, '' when the pet is gone
  Returns how many keys these versions dropped, now or when they were told before: results and tags. The fences stay.

  When the pet is gone, what keep.lua stored of it goes too, and is not counted. Otherwise that is overtaken by the fence and
  expires by itself.

  The relay of any process may tell a change before whoever made it does, and who made it wants the number. So a version
  that dropped something leaves KEYS[5i-1]: version|how many.

  The results under conditions are KEYS[5i-3] .. ':' .. hash, one for each tag 'conditions:<hash>'. They are not in KEYS,
  since only this script knows which exist, but carry the same hash tag and so lie on the same node.
]]
local function dropped_before(dropped_key, version)
  local found = redis.pcall('GET', dropped_key)
  if type(found) ~= 'string' then return 0 end
  local dropper, count = string.match(found, '^(%d+)|(%d+)$')
  return tonumber(dropper) == version and tonumber(count) or 0
end

local function drop_beside(beside_key)
  local names = redis.pcall('SMEMBERS', beside_key)
  if type(names) == 'table' and not names.err then
    for _, name in ipairs(names) do redis.call('UNLINK', name) end
  end
  redis.call('UNLINK', beside_key)
end

local function invalidate(fence_key, result_key, tags_key, dropped_key, beside_key, new_version, owner)
  -- Whatever the fence says: it may have been raised by the pet's return under its old id, told before its deletion.
  if owner == '' then drop_beside(beside_key) end
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
for i = 1, #KEYS / 5 do
  local k, a = 5 * i, 2 * i + 1
  dropped = dropped + invalidate(KEYS[k - 4], KEYS[k - 3], KEYS[k - 2], KEYS[k - 1], KEYS[k], ARGV[a], ARGV[a + 1])
end
return dropped
