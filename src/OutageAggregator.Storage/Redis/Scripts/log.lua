-- Appends events, each id once. RPUSH gives the position.
-- KEYS 1 list of events, 2 id of an event -> its position   ARGV id, event, id, event, ...
-- Answers a position and an event for each; the event is empty where it was written now, else the first one written under the id.
local answer = {}
for i = 1, #ARGV, 2 do
  local known = redis.call('HGET', KEYS[2], ARGV[i])
  if known then
    answer[i] = tonumber(known)
    answer[i + 1] = redis.call('LINDEX', KEYS[1], answer[i] - 1)
  else
    answer[i] = redis.call('RPUSH', KEYS[1], ARGV[i + 1])
    answer[i + 1] = ''
    redis.call('HSET', KEYS[2], ARGV[i], answer[i])
  end
end
return answer
