--[[
  Store a run, unless the pet has moved on while it was being computed.

  KEYS[1] fence   KEYS[2] result without conditions   KEYS[3] tags   KEYS[4] the result to write (may be KEYS[2])
  ARGV[1] epoch   ARGV[2] version  ARGV[3] owner id   ARGV[4] run id   ARGV[5] created at, ms since 1970
  ARGV[6] encoded run   ARGV[7] its life, ms   ARGV[8] the fence's life, ms
  ARGV[9] a token of this attempt, the same for its second fill   ARGV[10...] tags
  Returns 'stored', 'mended' (stored in the place of a key of a wrong type), 'superseded' (a newer fence is there, or a
  newer run of the same version: nothing changed) or 'unfenced' (no fence was there: now this run's is, without the run;
  read the version in Postgres again and, if it still stands, fill again).

  Why 'unfenced' stores no run: a fence that is gone (evicted, flushed, expired) may have been newer than this run. Once
  ours is in place, any invalidation raises it and turns the second fill away; one from before shows in Postgres.

  A key of a wrong type is as good as absent: pcall turns the error into a value, and SET replaces any type.
  The results under other conditions, KEYS[2] .. ':' .. hash, are known by their tags alone; they carry the same hash
  tag as KEYS and so lie on the same node.
]]
local epoch, version = tonumber(ARGV[1]), tonumber(ARGV[2])
local replaced = redis.call('TYPE', KEYS[4]).ok
local fence = table.concat({ '1', ARGV[1], ARGV[2], ARGV[3] }, '|')
local found = redis.pcall('GET', KEYS[1])
local fence_epoch, fence_version, fence_created, fence_run
if type(found) == 'string' then
  fence_epoch, fence_version, fence_run, fence_created = string.match(found, '^1|(%d+)|(%d+)|[^|]*|([^|]*)|(%d*)$')
  fence_epoch, fence_version, fence_created = tonumber(fence_epoch), tonumber(fence_version), tonumber(fence_created)
end

if fence_version and (fence_epoch > epoch or fence_version > version) then
  return 'superseded'
end
-- A run that was refreshed ahead of its end is not put back by whoever read the one before it.
local is_plain = KEYS[2] == KEYS[4]
if is_plain and fence_version == version and fence_epoch == epoch and fence_created and fence_created > tonumber(ARGV[5]) then
  return 'superseded'
end

-- What stands beside a fence that we are about to raise is older than this run: it goes, conditions and all.
local members = redis.pcall('SMEMBERS', KEYS[3])
local tags_usable = type(members) == 'table' and not members.err
if not tags_usable or fence_version ~= version or fence_epoch ~= epoch then
  if tags_usable then
    for _, member in ipairs(members) do
      local hash = string.match(member, '^conditions:(%x+)$')
      if hash then redis.call('UNLINK', KEYS[2] .. ':' .. hash) end
    end
  end
  redis.call('UNLINK', KEYS[2], KEYS[3])
end

-- A fence that another attempt has put there is no better than none: nobody has verified it yet.
local is_pending = fence_version and string.sub(fence_run, 1, 1) == '~' and fence_run ~= '~' .. ARGV[9]
if not fence_version or is_pending then
  redis.call('SET', KEYS[1], fence .. '|~' .. ARGV[9] .. '|', 'PX', ARGV[8])
  return 'unfenced'
end
-- The fence speaks of the run without conditions; the others leave what it says.
if is_plain then
  redis.call('SET', KEYS[1], table.concat({ fence, ARGV[4], ARGV[5] }, '|'), 'PX', ARGV[8])
elseif fence_version ~= version or fence_epoch ~= epoch or fence_run == '~' .. ARGV[9] then
  redis.call('SET', KEYS[1], fence .. '||', 'PX', ARGV[8])
else
  redis.call('PEXPIRE', KEYS[1], ARGV[8])
end
redis.call('SET', KEYS[4], ARGV[6], 'PX', ARGV[7])
for i = 10, #ARGV do
  redis.call('SADD', KEYS[3], ARGV[i])
end
if redis.call('PTTL', KEYS[3]) < tonumber(ARGV[7]) then
  redis.call('PEXPIRE', KEYS[3], ARGV[7])
end
return (replaced == 'string' or replaced == 'none') and 'stored' or 'mended'
