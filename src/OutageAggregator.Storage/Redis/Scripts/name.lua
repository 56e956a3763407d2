-- Counts a press for something that the catalog lacks, once.
-- KEYS 1 groups, 2 cells, 3 the same in order of time, 4 minutes, 5 6 7 turns of the half hour, of the one before, of the one after,
--      8 names told in the half hour, 9 proposal -> slug it was accepted as
-- ARGV 1 id, 2 now (ms), 3 minute, 4 region, 5 reporter, 6 key, 7 name, 8 domain, 9 most groups, 10 most cells, 11 most names,
--      12 first minute kept, 13 few reports, 14 longest days a group is held
-- Answers the outcome, when the turn was taken (ms), and ids of groups that had to go; of an accepted one its slug instead.
local call = redis.call
local ONCE_PER, DAY = 1800000, 86400000
local now = tonumber(ARGV[2])
local accepted = call('HGET', KEYS[9], ARGV[1])
if accepted then
  return { 4, now, accepted }
end
for key = 5, 7 do
  local turn = call('HGET', KEYS[key], ARGV[5])
  local at = turn and tonumber(string.match(turn, '^%d+'))
  if at and math.abs(at - now) < ONCE_PER then
    return { 1, at }
  end
end
if tonumber(call('HGET', KEYS[8], ARGV[5]) or 0) >= tonumber(ARGV[11]) then
  return { 2, now }
end

local function parts(line)
  local key, name, domain, first, last, reports = string.match(line, '^(.-)\t(.-)\t(.-)\t(%d+)\t(%d+)\t(%d+)$')
  return key, name, domain, first, tonumber(last), tonumber(reports)
end

local gone = {}
local line = call('HGET', KEYS[1], ARGV[1])
if not line then
  local least, least_held, room = nil, nil, call('HLEN', KEYS[1]) < tonumber(ARGV[9])
  local all = call('HGETALL', KEYS[1])
  for i = 1, #all, 2 do
    local _, _, _, _, last, reports = parts(all[i + 1])
    local longest = last + tonumber(ARGV[14]) * DAY
    local held = reports < 2 and last or reports < tonumber(ARGV[13]) and last + DAY or longest
    local may_go = held <= now and call('HEXISTS', KEYS[9], all[i]) == 0
    if may_go and longest <= now then
      gone[#gone + 1] = all[i]
      room = true
    elseif may_go and (not least_held or held < least_held) then
      least, least_held = all[i], held
    end
  end
  if not room and least then
    gone[#gone + 1] = least
    room = true
  end
  if not room then
    return { 3, now - ONCE_PER }
  end
  for _, id in ipairs(gone) do
    call('HDEL', KEYS[1], id)
  end
  line = ARGV[6] .. '\t' .. ARGV[7] .. '\t' .. ARGV[8] .. '\t' .. ARGV[2] .. '\t' .. ARGV[2] .. '\t0'
end

local key, name, domain, first, last, reports = parts(line)
if domain == '' then
  domain = ARGV[8]
end
call('HSET', KEYS[1], ARGV[1], string.format('%s\t%s\t%s\t%s\t%.0f\t%d', key, name, domain, first, math.max(last, now), reports + 1))
call('HSET', KEYS[5], ARGV[5], ARGV[2] .. ' ' .. ARGV[4])
call('HINCRBY', KEYS[8], ARGV[5], 1)
local cell = ARGV[3] .. ' ' .. ARGV[4]
call('HINCRBY', KEYS[2], cell, 1)
call('ZADD', KEYS[3], ARGV[3], cell)
call('HINCRBY', KEYS[4], ARGV[3], 1)

local function drop(cells)
  for _, old in ipairs(cells) do
    local minute = string.match(old, '^%-?%d+')
    if call('HINCRBY', KEYS[4], minute, -tonumber(call('HGET', KEYS[2], old) or 0)) <= 0 then
      call('HDEL', KEYS[4], minute)
    end
    call('HDEL', KEYS[2], old)
    call('ZREM', KEYS[3], old)
  end
end
drop(call('ZRANGEBYSCORE', KEYS[3], '-inf', '(' .. ARGV[12], 'LIMIT', 0, 1000))
local over = call('ZCARD', KEYS[3]) - tonumber(ARGV[10])
if over > 0 then
  drop(call('ZRANGE', KEYS[3], 0, over - 1))
end

call('EXPIRE', KEYS[5], 3600)
call('EXPIRE', KEYS[8], 3600)
for key = 2, 4 do
  call('EXPIRE', KEYS[key], 3456000)
end
local answer = { 0, now }
for _, id in ipairs(gone) do
  answer[#answer + 1] = id
end
return answer
