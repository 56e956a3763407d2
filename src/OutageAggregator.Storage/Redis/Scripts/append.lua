-- Counts a batch, once. The first write is one that Redis refuses when its memory is full, so a refused batch leaves nothing behind.
-- Reports are sorted by group, which is one minute and cell, those that say "down" first. What costs time is a step per report: where nobody's turn is taken,
-- as is usual, a group is counted and told apart as a whole.
-- KEYS 1 batch, 2 regions, then for each kind that occurs: reporters of the half hour, of the one before, of the one after; then those that
--      the plan names; last: words, if any
-- ARGV 1 received at (ms), 2 region, 3 newest minute, 4 5 6 seconds that batches, minutes and spans live, 7 head of the stored batch,
--      8 plan: for each group '<HHHHHH': number of the key of its minutes, slot there, key of its spans, slot there, key of its sketch (the
--        HyperLogLog is the next one; 0 where its reporters are not told apart), number of its reports
--      9 reporters, 8 bytes each   10 rest of the stored batch   11 how many of them say "down"   12 seconds that words live, 13.. words: field, value
-- Answers a byte and what follows: 0 counted, 1 counted and the region is new: per report '<I4', 0 or milliseconds until its reporter's turn
-- (nothing where all are 0). 2: known, with the batch as it was stored.
local known = redis.call('GET', KEYS[1])
if known then
  return '\2' .. known
end

local ONCE_PER, CHUNK = 1800000, 3000
local call, sub, min = redis.call, string.sub, math.min
local time, now, reporters = ARGV[1], tonumber(ARGV[1]), ARGV[9]
local count, down = #reporters / 8, tonumber(ARGV[11])

local fields = {}
for i = 1, count do
  fields[i] = sub(reporters, i * 8 - 7, i * 8)
end

-- When a reporter's turn was taken last, where that is less than half an hour away from now, before or after.
local taken, refused = {}, 0
local function look(key, from, to)
  for first = from, to, CHUNK do
    local last = min(first + CHUNK - 1, to)
    for j, at in ipairs(call('HMGET', key, unpack(fields, first, last))) do
      at = at and tonumber(at)
      if at and math.abs(at - now) < ONCE_PER then
        local i = first + j - 1
        if not taken[i] then
          refused = refused + 1
        end
        taken[i] = math.max(taken[i] or at, at)
      end
    end
  end
end

-- Who counts takes the turn.
local counted = 0
local function take(key, from, to)
  local turns, next = {}, 1
  for i = from, to do
    if not taken[i] then
      turns[next] = fields[i]
      turns[next + 1] = time
      next = next + 2
    end
  end
  for first = 1, next - 1, CHUNK do
    call('HSET', key, unpack(turns, first, min(first + CHUNK - 1, next - 1)))
  end
  if next > 1 then
    call('EXPIRE', key, 3600)
  end
  counted = counted + (next - 1) / 2
end

local recent = 3
for kind = 1, 2 do
  local from, to = 1, down
  if kind == 2 then
    from, to = down + 1, count
  end
  if from <= to then
    look(KEYS[recent], from, to)
    if call('EXISTS', KEYS[recent + 1], KEYS[recent + 2]) > 0 then
      look(KEYS[recent + 1], from, to)
      look(KEYS[recent + 2], from, to)
    end
    take(KEYS[recent], from, to)
    recent = recent + 3
  end
end

local outcomes = ''
if refused > 0 then
  local waits = {}
  for i = 1, count do
    waits[i] = struct.pack('<I4', taken[i] and taken[i] + ONCE_PER - now or 0)
  end
  outcomes = table.concat(waits)
end
call('SET', KEYS[1], ARGV[7] .. reporters .. ARGV[10] .. outcomes, 'EX', ARGV[4])

-- The list of reporters is exact and ends above 512; the HyperLogLog has them all. Both live as long as the minutes.
local function tell(key, from, to)
  local all = fields
  if refused > 0 then
    all = {}
    for i = from, to do
      if not taken[i] then
        all[#all + 1] = fields[i]
      end
    end
    from, to = 1, #all
  end
  if from > to then
    return
  end
  local room = 513 - call('STRLEN', KEYS[key]) / 8
  if room > 0 then
    local list = table.concat(all, '', from, min(to, from + room - 1))
    if call('APPEND', KEYS[key], list) == #list then
      call('PFADD', KEYS[key + 1])
      call('EXPIRE', KEYS[key], ARGV[5])
      call('EXPIRE', KEYS[key + 1], ARGV[5])
    end
  end
  for first = from, to, CHUNK do
    call('PFADD', KEYS[key + 1], unpack(all, first, min(first + CHUNK - 1, to)))
  end
end

-- One APPEND a log, however many cells of it changed. Groups of one sketch are neighbours.
local records, seconds = {}, {}
local first, sketch, from = 1, 0, 1
for group = 0, #ARGV[8] / 12 - 1 do
  local minutes, minute, spans, span, own, size = struct.unpack('<HHHHHH', ARGV[8], group * 12 + 1)
  local sum = size
  if refused > 0 then
    for i = first, first + size - 1 do
      if taken[i] then
        sum = sum - 1
      end
    end
  end
  if sum > 0 then
    records[minutes] = (records[minutes] or '') .. struct.pack('<Hi4', minute, sum)
    records[spans] = (records[spans] or '') .. struct.pack('<Hi4', span, sum)
    seconds[minutes], seconds[spans] = ARGV[5], ARGV[6]
  end
  if own ~= sketch then
    if sketch > 0 then
      tell(sketch, from, first - 1)
    end
    sketch, from = own, first
  end
  first = first + size
end
if sketch > 0 then
  tell(sketch, from, first - 1)
end
for key, text in pairs(records) do
  append(KEYS[key], text, seconds[key])
end

-- Bounded: words are for a human who reads some of them.
if ARGV[13] and call('HLEN', KEYS[#KEYS]) < 20000 then
  call('HSET', KEYS[#KEYS], unpack(ARGV, 13))
  call('EXPIRE', KEYS[#KEYS], ARGV[12])
end

if counted > 0 and seen(KEYS[2], ARGV[2], tonumber(ARGV[3])) then
  return '\1' .. outcomes
end
return '\0' .. outcomes
