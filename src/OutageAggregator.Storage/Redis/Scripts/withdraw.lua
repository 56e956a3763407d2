-- Takes a counted report back, once.
-- KEYS 1 batch, 2 reporters of the half hour in which it came, 3 minutes, 4 spans, 5 list of reporters, 6 words
-- ARGV 1 where its mark stands in the batch, 2 its reporter, 8 bytes, 3 received at (ms), 4 slot in the minutes, 5 in the spans,
--      6 7 seconds that minutes and spans live, 8 1 where its reporter was told apart, 9 field of its words
-- Answers 1 for the call that takes it back, 0 for a repeat, -1 where the batch is gone.
local mark = redis.call('GETRANGE', KEYS[1], ARGV[1], ARGV[1])
if mark == '' then
  return -1
end
if mark ~= '\0' then
  return 0
end
redis.call('SETRANGE', KEYS[1], ARGV[1], '\1')
append(KEYS[3], struct.pack('<Hi4', tonumber(ARGV[4]), -1), ARGV[6])
append(KEYS[4], struct.pack('<Hi4', tonumber(ARGV[5]), -1), ARGV[7])
-- A turn taken since stays taken.
if redis.call('HGET', KEYS[2], ARGV[2]) == ARGV[3] then
  redis.call('HDEL', KEYS[2], ARGV[2])
end
-- A HyperLogLog can't forget; up to 512 reporters the list is what counts.
if ARGV[8] == '1' then
  local list = redis.call('GET', KEYS[5]) or ''
  for at = 1, #list, 8 do
    if #list <= 4096 and string.sub(list, at, at + 7) == ARGV[2] then
      redis.call('SET', KEYS[5], string.sub(list, 1, at - 1) .. string.sub(list, at + 8), 'KEEPTTL')
      break
    end
  end
end
redis.call('HDEL', KEYS[6], ARGV[9])
return 1
