-- Put before every script that changes counts. A log of cells is a string of records of 6 bytes, '<Hi4': slot, change of its count.
-- Writing is an APPEND, whatever was counted before; the sum of a slot's changes is its count. A log that has grown to twice its
-- size is written anew with one record a slot, so reading it costs at most twice what it has to, and each record is rewritten about once.
-- A log written anew begins with a record of slot MARK, whose number is its size in bytes then.
local MARK = 65535

local function read(log)
  local sums, slots = {}, {}
  for at = 1, #log - 5, 6 do
    local slot, change = struct.unpack('<Hi4', log, at)
    if slot ~= MARK then
      local sum = sums[slot]
      if sum then
        sums[slot] = sum + change
      else
        sums[slot] = change
        slots[#slots + 1] = slot
      end
    end
  end
  return sums, slots
end

local function rewrite(key, sums, slots)
  table.sort(slots)
  local records = { '' }
  for _, slot in ipairs(slots) do
    if sums[slot] > 0 then
      records[#records + 1] = struct.pack('<Hi4', slot, sums[slot])
    end
  end
  records[1] = struct.pack('<Hi4', MARK, #records * 6)
  redis.call('SET', key, table.concat(records), 'KEEPTTL')
end

-- The time to live begins with the key. It is not renewed: what was made to stay for good (PERSIST) must stay so.
local function append(key, records, seconds)
  local length = redis.call('APPEND', key, records)
  if length == #records then
    redis.call('EXPIRE', key, seconds)
  elseif length > 4096 then
    local slot, size = struct.unpack('<Hi4', redis.call('GETRANGE', key, 0, 5), 1)
    if slot ~= MARK then
      size = 0
    end
    if length > 2 * size + 4096 then
      rewrite(key, read(redis.call('GET', key)))
    end
  end
end

-- True where the region had no count before.
local function seen(key, region, newest)
  local before = redis.call('HGET', key, region)
  if not before or tonumber(before) < newest then
    redis.call('HSET', key, region, newest)
  end
  return not before
end
