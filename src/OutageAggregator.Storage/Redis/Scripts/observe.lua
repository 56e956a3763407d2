-- Notes a stretch of minutes as observed; those it overlaps or touches become one with it. Adds before it removes: Redis refuses the
-- first when its memory is full, and a time when nothing can be stored was not observed.
-- KEYS 1 stretches: member is the first minute, score the minute after the last, so they are in order of both   2 newest instant
-- ARGV 1 first minute, 2 the minute after the last one, 3 the instant (ms), if it is one
local from, to = tonumber(ARGV[1]), tonumber(ARGV[2])
if from < to then
  local near, joined = redis.call('ZRANGEBYSCORE', KEYS[1], from, '+inf', 'WITHSCORES'), {}
  for i = 1, #near, 2 do
    local first, last = tonumber(near[i]), tonumber(near[i + 1])
    if first > to then
      break
    end
    joined[#joined + 1] = first
    from, to = math.min(from, first), math.max(to, last)
  end
  redis.call('ZADD', KEYS[1], string.format('%.0f', to), string.format('%.0f', from))
  for _, first in ipairs(joined) do
    if first ~= from then
      redis.call('ZREM', KEYS[1], string.format('%.0f', first))
    end
  end
end
if ARGV[3] and tonumber(ARGV[3]) > tonumber(redis.call('GET', KEYS[2]) or '-1') then
  redis.call('SET', KEYS[2], ARGV[3])
end
