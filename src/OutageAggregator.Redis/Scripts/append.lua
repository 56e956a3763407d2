-- Counts a batch, once. The first write is one that Redis refuses when its memory is full, so a refused batch leaves nothing behind.
-- KEYS 1 batch, 2 regions, 3 reporters of the half hour, 4 of the one before, 5 of the one after, then those that the plan names; last: words, if any
-- ARGV 1 received at (ms), 2 region, 3 newest minute, 4 5 6 seconds that batches, minutes and spans live, 7 head of the stored batch,
--      8 plan: for each group of one minute and cell '<HHHHH': number of the key of its minutes, slot there, key of its spans, slot there,
--        key of its sketch (the HyperLogLog is the next one; 0 where its reporters are not told apart)
--      9 reports of different reporters: kind, 16 bytes reporter, '<H' group   10 tail of the stored batch   11 seconds that words live, 12.. words: field, value
-- Answers a byte and what follows: 0 counted, 1 counted and the region is new: per report '<I4', 0 or milliseconds until its reporter's turn
-- (nothing where all are 0). 2: known, with the batch as it was stored.
local known = redis.call('GET', KEYS[1])
if known then
  return '\2' .. known
end

local ONCE_PER, CHUNK, REPORT = 1800000, 3000, 19
local now = tonumber(ARGV[1])
local reports = ARGV[9]
local count = #reports / REPORT
local sub = string.sub

local fields = {}
for i = 1, count do
  local at = (i - 1) * REPORT
  fields[i] = sub(reports, at + 1, at + 17)
end

-- When a reporter's turn was taken last, where that is less than half an hour away from now, before or after.
local taken, refused = {}, 0
local function look(key)
  for first = 1, count, CHUNK do
    local last = math.min(first + CHUNK - 1, count)
    local times = redis.call('HMGET', key, unpack(fields, first, last))
    for j = 1, last - first + 1 do
      local time = times[j]
      if time then
        time = tonumber(time)
        local i = first + j - 1
        if math.abs(time - now) < ONCE_PER then
          if not taken[i] then
            taken[i] = time
            refused = refused + 1
          elseif taken[i] < time then
            taken[i] = time
          end
        end
      end
    end
  end
end
look(KEYS[3])
for k = 4, 5 do
  if redis.call('EXISTS', KEYS[k]) == 1 then
    look(KEYS[k])
  end
end

-- Who counts takes the turn; how many count in each group, and who they were.
local turns, outcomes, sums, elements = {}, {}, {}, {}
for i = 1, count do
  local field = fields[i]
  if not taken[i] then
    turns[#turns + 1] = field
    turns[#turns + 1] = ARGV[1]
    local low, high = string.byte(reports, i * REPORT - 1, i * REPORT)
    local group = low + high * 256
    local sum = sums[group]
    if sum then
      sums[group] = sum + 1
      elements[group][sum + 1] = sub(field, 10, 17)
    else
      sums[group] = 1
      elements[group] = { sub(field, 10, 17) }
    end
  end
  if refused > 0 then
    outcomes[i] = struct.pack('<I4', taken[i] and taken[i] + ONCE_PER - now or 0)
  end
end
for first = 1, #turns, CHUNK do
  redis.call('HSET', KEYS[3], unpack(turns, first, math.min(first + CHUNK - 1, #turns)))
end
redis.call('SET', KEYS[1], ARGV[7] .. reports .. ARGV[10] .. table.concat(outcomes), 'EX', ARGV[4])
if #turns > 0 then
  redis.call('EXPIRE', KEYS[3], 3600)
end

-- One APPEND a log, however many cells of it changed.
local records, seconds, sketches = {}, {}, {}
for group = 0, #ARGV[8] / 10 - 1 do
  local sum = sums[group]
  if sum then
    local minutes, minute, spans, span, sketch = struct.unpack('<HHHHH', ARGV[8], group * 10 + 1)
    records[minutes] = (records[minutes] or '') .. struct.pack('<Hi4', minute, sum)
    records[spans] = (records[spans] or '') .. struct.pack('<Hi4', span, sum)
    seconds[minutes], seconds[spans] = ARGV[5], ARGV[6]
    if sketch > 0 then
      local all = sketches[sketch]
      if all then
        for _, element in ipairs(elements[group]) do
          all[#all + 1] = element
        end
      else
        sketches[sketch] = elements[group]
      end
    end
  end
end
for key, text in pairs(records) do
  append(KEYS[key], text, seconds[key])
end

-- The list of reporters is exact and ends above 512; the HyperLogLog has them all. Both live as long as the minutes.
for key, all in pairs(sketches) do
  local room = 513 - redis.call('STRLEN', KEYS[key]) / 8
  if room > 0 then
    local list = table.concat(all, '', 1, math.min(room, #all))
    if redis.call('APPEND', KEYS[key], list) == #list then
      redis.call('PFADD', KEYS[key + 1])
      redis.call('EXPIRE', KEYS[key], ARGV[5])
      redis.call('EXPIRE', KEYS[key + 1], ARGV[5])
    end
  end
  for first = 1, #all, CHUNK do
    redis.call('PFADD', KEYS[key + 1], unpack(all, first, math.min(first + CHUNK - 1, #all)))
  end
end

if ARGV[12] then
  -- Bounded: words are for a human who reads some of them.
  if redis.call('HLEN', KEYS[#KEYS]) < 20000 then
    redis.call('HSET', KEYS[#KEYS], unpack(ARGV, 12))
    redis.call('EXPIRE', KEYS[#KEYS], ARGV[11])
  end
end

if #turns > 0 and seen(KEYS[2], ARGV[2], tonumber(ARGV[3])) then
  return '\1' .. table.concat(outcomes)
end
return '\0' .. table.concat(outcomes)
