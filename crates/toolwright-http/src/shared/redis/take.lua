-- Takes one call out of a bucket, by the generic cell rate algorithm, on the server's own clock.
-- KEYS[1]: when the bucket is full again, in microseconds since 1970. ARGV: microseconds until one call comes back, and
-- the calls of a full bucket. Returns whether one was taken, how many are left, and after how many microseconds there is
-- one again and the bucket is full again.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local interval, calls = tonumber(ARGV[1]), tonumber(ARGV[2])
local full_at = math.max(tonumber(redis.call('GET', KEYS[1])) or now, now)
-- What another quota left behind does not lock a caller out for longer than this one would.
full_at = math.min(full_at, now + interval * calls)

local wait = full_at - interval * (calls - 1) - now
if wait > 0 then
  return {0, 0, wait, full_at - now}
end
full_at = full_at + interval
redis.call('SET', KEYS[1], string.format('%.0f', full_at), 'PX', math.ceil((full_at - now) / 1000))
return {1, math.floor(calls - (full_at - now) / interval), 0, full_at - now}
