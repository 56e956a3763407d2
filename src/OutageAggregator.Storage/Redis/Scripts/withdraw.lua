-- Takes a counted report back, once.
-- KEYS 1 batch, 2 reporters of the half hour in which it came, 3 minutes, 4 spans, 5 list of reporters, 6 words, 7 reports of the batch
--      that were told of since
-- ARGV 1 where its mark stands in the batch, 2 its reporter, 8 bytes, 3 received at (ms), 4 slot in the minutes, 5 in the spans,
--      6 7 seconds that minutes and spans live, 8 1 where its reporter was told apart, 9 field of its words, 10 its place,
--      11 what was told of it
-- Answers 1 for the call that takes it back, 0 for a repeat, -1 where the batch is gone, 2 where something else was told of it: it is
-- counted elsewhere by now, and nothing was done.
local mark = redis.call('GETRANGE', KEYS[1], ARGV[1], ARGV[1])
if mark == '' then
  return -1
end
if mark ~= '\0' then
  return 0
end
if (redis.call('HGET', KEYS[7], ARGV[10]) or '') ~= ARGV[11] then
  return 2
end
redis.call('SETRANGE', KEYS[1], ARGV[1], '\1')
append(KEYS[3], struct.pack('<Hi4', tonumber(ARGV[4]), -1), ARGV[6])
append(KEYS[4], struct.pack('<Hi4', tonumber(ARGV[5]), -1), ARGV[7])
-- A turn taken since stays taken.
if redis.call('HGET', KEYS[2], ARGV[2]) == ARGV[3] then
  redis.call('HDEL', KEYS[2], ARGV[2])
end
if ARGV[8] == '1' then
  forget(KEYS[5], ARGV[2])
end
redis.call('HDEL', KEYS[6], ARGV[9])
return 1
