-- Keeps an accepted service, unless one stands under its slug or for its proposal.
-- KEYS 1 slug -> service, 2 proposal -> slug, 3 slugs in order   ARGV 1 slug, 2 proposal, 3 service
-- Answers nothing where it is kept, else the slug that stands.
local slug = redis.call('HGET', KEYS[2], ARGV[2]) or redis.call('HEXISTS', KEYS[1], ARGV[1]) == 1 and ARGV[1]
if slug then
  return slug
end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
redis.call('HSET', KEYS[2], ARGV[2], ARGV[1])
redis.call('RPUSH', KEYS[3], ARGV[1])
return false
