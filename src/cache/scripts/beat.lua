--[[
  Say that a server's data were verified: 1|incarnation|time. Always a write, so that a server which takes none says so.

  KEYS[1] heartbeat
  ARGV[1] incarnation   ARGV[2] time, ms since 1970 on Postgres's clock
  Returns 'done'. For one incarnation the time never goes back, whatever order several processes come in.
]]
local found = redis.pcall('GET', KEYS[1])
local time = ARGV[2]
if type(found) == 'string' then
  local incarnation, said = string.match(found, '^1|([^|]+)|(%d+)$')
  if incarnation == ARGV[1] and tonumber(said) > tonumber(time) then time = said end
end
redis.call('SET', KEYS[1], table.concat({ '1', ARGV[1], time }, '|'))
return 'done'
