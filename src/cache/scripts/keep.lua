--[[
  Keep a small value beside a pet (its summary, a match score), unless the pet has moved on.

  KEYS[1] fence   KEYS[2] value   KEYS[3] the names of such values of this pet, a set
  ARGV[1] epoch   ARGV[2] version   ARGV[3] owner id   ARGV[4] value   ARGV[5] its life, ms   ARGV[6] the fence's life, ms
  Returns 'stored', or 'superseded' (no fence, one that nobody has verified yet, or one of another version or a newer
  epoch: nothing changed).

  The set lives as long as the newest value in it. By it invalidate.lua finds what to drop when the pet is deleted.

  Without a fence nothing is kept: the pet's next run puts one in place, verified. A fence of this version but of an
  earlier epoch (0 where an invalidation put it there, which knows none) is brought to this one: epoch, version and owner
  were read in Postgres together. Whatever was cached under the earlier epoch carries that epoch and stays worthless.
]]
local epoch, version = tonumber(ARGV[1]), tonumber(ARGV[2])
local found = redis.pcall('GET', KEYS[1])
local fence_epoch, fence_version
if type(found) == 'string' then
  fence_epoch, fence_version = string.match(found, '^1|(%d+)|(%d+)|[^|]*|[^~]*$')
end
if not fence_version or tonumber(fence_version) ~= version or tonumber(fence_epoch) > epoch then return 'superseded' end
if tonumber(fence_epoch) < epoch then
  redis.call('SET', KEYS[1], table.concat({ '1', ARGV[1], ARGV[2], ARGV[3], '', '' }, '|'), 'PX', ARGV[6])
end
local added = redis.pcall('SADD', KEYS[3], KEYS[2])
if type(added) == 'table' and added.err then
  -- Of a wrong type.
  redis.call('UNLINK', KEYS[3])
  redis.call('SADD', KEYS[3], KEYS[2])
end
redis.call('PEXPIRE', KEYS[3], ARGV[5])
redis.call('SET', KEYS[2], ARGV[4], 'PX', ARGV[5])
return 'stored'
