-- Appends the events of a plan, each id once; none of them where another event is there under one of the ids. RPUSH gives the position.
-- KEYS 1 list of events, 2 id of an event -> its position   ARGV id, event, id, event, ...
-- Answers { positions }, or the position and the event that is there instead of the first one that was refused.
for i = 1, #ARGV, 2 do
  local known = redis.call('HGET', KEYS[2], ARGV[i])
  if known then
    local event = redis.call('LINDEX', KEYS[1], known - 1)
    if event ~= ARGV[i + 1] then
      return { tonumber(known), event }
    end
  end
end
local positions = {}
for i = 1, #ARGV, 2 do
  local position = redis.call('HGET', KEYS[2], ARGV[i])
  if not position then
    position = redis.call('RPUSH', KEYS[1], ARGV[i + 1])
    redis.call('HSET', KEYS[2], ARGV[i], position)
  end
  positions[#positions + 1] = tonumber(position)
end
return { positions }
