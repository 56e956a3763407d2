-- Adds to a counted report what its reporter told later. Nothing is done where something else was told of it meanwhile: whoever asks looks
-- again. The first write is one that Redis refuses when its memory is full.
-- KEYS 1 batch, 2 reports of it that were told of since, 3 words
--      where the cell or region changes: 4 minutes before, 5 spans before, 6 minutes after, 7 spans after
--      where the region does: 8 regions
--      where its reporter is told apart: 9 list of reporters before, 10 list after, 11 HyperLogLog after
-- ARGV 1 where its mark stands in the batch, 2 its place, 3 what was told of it before, 4 what is told now, 5 field of its words,
--      6 words before, 7 words now, 8 seconds that words live, 9 10 seconds that minutes and spans live, 11 12 slots in them before,
--      13 14 slots after, 15 region, 16 minute, 17 its reporter, 8 bytes
-- Answers 1 where it is done, 2 where something else was told of it, -1 where the report is gone or taken back.
if redis.call('GETRANGE', KEYS[1], ARGV[1], ARGV[1]) ~= '\0' then
  return -1
end
if (redis.call('HGET', KEYS[2], ARGV[2]) or '') ~= ARGV[3] or (redis.call('HGET', KEYS[3], ARGV[5]) or '') ~= ARGV[6] then
  return 2
end
if ARGV[4] ~= ARGV[3] then
  redis.call('HSET', KEYS[2], ARGV[2], ARGV[4])
  redis.call('EXPIRE', KEYS[2], redis.call('TTL', KEYS[1]))
end
-- Bounded: words are for a human who reads some of them.
if ARGV[7] ~= ARGV[6] and (ARGV[6] ~= '' or redis.call('HLEN', KEYS[3]) < 20000) then
  redis.call('HSET', KEYS[3], ARGV[5], ARGV[7])
  redis.call('EXPIRE', KEYS[3], ARGV[8])
end
if not KEYS[4] then
  return 1
end
append(KEYS[4], struct.pack('<Hi4', tonumber(ARGV[11]), -1), ARGV[9])
append(KEYS[5], struct.pack('<Hi4', tonumber(ARGV[12]), -1), ARGV[10])
append(KEYS[6], struct.pack('<Hi4', tonumber(ARGV[13]), 1), ARGV[9])
append(KEYS[7], struct.pack('<Hi4', tonumber(ARGV[14]), 1), ARGV[10])
if not KEYS[8] then
  return 1
end
if KEYS[9] then
  forget(KEYS[9], ARGV[17])
  remember(KEYS[10], KEYS[11], ARGV[17], ARGV[9])
end
seen(KEYS[8], ARGV[15], tonumber(ARGV[16]))
return 1
