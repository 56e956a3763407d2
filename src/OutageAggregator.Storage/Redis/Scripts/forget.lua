-- Forgets a group with all its keys: that of an accepted proposal only where its counts are its service's, which is shown from then on.
-- KEYS 1 groups, 2 proposal -> slug, 3 slugs whose counts are moved, 4 and on the group's own   ARGV 1 id, 2 slug, or nothing
-- Answers how many groups went.
local call = redis.call
if (call('HGET', KEYS[2], ARGV[1]) or '') ~= ARGV[2] then
  return 0
end
call('DEL', unpack(KEYS, 4))
if ARGV[2] ~= '' then
  call('SADD', KEYS[3], ARGV[2])
end
return call('HDEL', KEYS[1], ARGV[1])
