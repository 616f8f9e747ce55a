--[[
  The right to compute one version of a pet's answer, held by one process of all.

  KEYS[1] lease
  ARGV[1] 'take', 'renew' or 'release'   ARGV[2] the holder's token   ARGV[3] epoch   ARGV[4] version   ARGV[5] its life, ms
  Returns for take: 'taken' or 'held'; for renew and release: 'done' or 'lost' (it has run out or is another's by now).

  Held is <token>|<epoch>|<version>. Whoever computes something newer takes the lease from whoever computes what nobody
  waits for any more; the one it was taken from finds that out when it renews.
]]
local found = redis.pcall('GET', KEYS[1])
local token, epoch, version
if type(found) == 'string' then
  token, epoch, version = string.match(found, '^([^|]+)|(%d+)|(%d+)$')
end

if ARGV[1] == 'take' then
  local is_older = token and (tonumber(epoch) < tonumber(ARGV[3]) or tonumber(version) < tonumber(ARGV[4]))
  if token and not is_older then return 'held' end
  redis.call('SET', KEYS[1], table.concat({ ARGV[2], ARGV[3], ARGV[4] }, '|'), 'PX', ARGV[5])
  return 'taken'
end

if token ~= ARGV[2] then return 'lost' end
if ARGV[1] == 'renew' then
  redis.call('PEXPIRE', KEYS[1], ARGV[5])
else
  redis.call('DEL', KEYS[1])
end
return 'done'
