--[[
  Say that a server's data were verified: 1|incarnation|time|marks. Always a write, so that a server which takes none
  says so.

  KEYS[1] heartbeat
  ARGV[1] incarnation   ARGV[2] time, ms since 1970 on Postgres's clock   ARGV[3] how far Postgres had come, for people
  and processes who compare   ARGV[4] its life, ms
  Returns 'done'. For one incarnation the time never goes back, whatever order several processes come in; the marks go
  with it.
]]
local found = redis.pcall('GET', KEYS[1])
local time, marks = ARGV[2], ARGV[3]
if type(found) == 'string' then
  local incarnation, said, other = string.match(found, '^1|([^|]+)|(%d+)|([%d.]+)$')
  if incarnation == ARGV[1] and tonumber(said) > tonumber(time) then time, marks = said, other end
end
redis.call('SET', KEYS[1], table.concat({ '1', ARGV[1], time, marks }, '|'), 'PX', ARGV[4])
return 'done'
