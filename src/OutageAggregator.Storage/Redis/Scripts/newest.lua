-- Appends to a list, unless its newest entry says the same: what stands before the first tab of an entry is its instant and is not compared.
-- KEYS 1 list   ARGV 1 instant (ms), 2 what is said, 3 what is said by a list that is empty (nothing is written then either)
-- Answers the entry that counts from here on; nothing where the list is empty still.
local newest = redis.call('LINDEX', KEYS[1], -1)
if newest and string.sub(newest, string.find(newest, '\t', 1, true) + 1) == ARGV[2] or not newest and ARGV[2] == ARGV[3] then
  return newest or ''
end
local entry = ARGV[1] .. '\t' .. ARGV[2]
redis.call('RPUSH', KEYS[1], entry)
return entry
