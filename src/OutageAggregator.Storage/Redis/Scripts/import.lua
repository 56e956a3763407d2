-- Sets counts of one region and day, replacing those of the cells it names.
-- KEYS 1 spans of the day, 2 regions, 3.. minutes of hours of that day
-- ARGV 1 2 seconds that minutes and spans live, 3 region, 4 newest minute, 5.. for each key of minutes '<HHi4'*: slot, slot in the spans, count
-- Answers 1 where the region is new.
local changes = {}
for k = 3, #KEYS do
  local log = redis.call('GET', KEYS[k])
  local sums, slots = read(log or '')
  local cells = ARGV[k + 2]
  for at = 1, #cells, 8 do
    local slot, span, count = struct.unpack('<HHi4', cells, at)
    local before = sums[slot]
    if not before then
      slots[#slots + 1] = slot
    end
    sums[slot] = count
    changes[span] = (changes[span] or 0) + count - math.max(before or 0, 0)
  end
  rewrite(KEYS[k], sums, slots)
  if not log then
    redis.call('EXPIRE', KEYS[k], ARGV[1])
  end
end
local records = {}
for span, change in pairs(changes) do
  if change ~= 0 then
    records[#records + 1] = struct.pack('<Hi4', span, change)
  end
end
if #records > 0 then
  append(KEYS[1], table.concat(records), ARGV[2])
end
return seen(KEYS[2], ARGV[3], tonumber(ARGV[4])) and 1 or 0
