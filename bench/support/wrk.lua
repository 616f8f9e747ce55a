--[[
  wrk -s wrk.lua URL -- REQUESTS ORDER OFFSET

  Sends prepared requests (a line each: token, tab, body) in the order of another file (a number of a line each), from
  OFFSET on and round again. Says at the end, on one line, what it counted; times in microseconds.
]]
local prepared, order, at = {}, {}, 0

function init(args)
  for line in io.lines(args[1]) do
    local token, body = line:match('^([^\t]*)\t(.*)$')
    local headers = { ['content-type'] = 'application/json', accept = 'application/json' }
    if token ~= '' then headers.authorization = 'Bearer ' .. token end
    prepared[#prepared + 1] = wrk.format('POST', '/graphql', headers, body)
  end
  for line in io.lines(args[2]) do order[#order + 1] = tonumber(line) end
  at = tonumber(args[3])
end

function request()
  at = at % #order + 1
  return prepared[order[at]]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format('RESULT {"requests":%d,"us":%d,"bytes":%d,"errors":%d,"p50":%d,"p99":%d}\n',
    summary.requests, summary.duration, summary.bytes,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout, latency:percentile(50), latency:percentile(99)))
end
