-- Says when something began, unless somebody did before. Time is Redis' own: nodes' clocks may differ.
-- KEYS 1 when it began, ms since 1970
-- Returns milliseconds since it began.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('SET', KEYS[1], string.format('%.0f', now), 'NX')
return math.max(0, now - tonumber(redis.call('GET', KEYS[1])))
