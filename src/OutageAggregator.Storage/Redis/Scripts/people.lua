-- Put before scripts that change who is told apart for one report. The list of reporters is exact and ends above 512; the HyperLogLog has
-- them all, and can't forget. Both live as long as the minutes.
local function forget(list, reporter)
  local all = redis.call('GET', list) or ''
  for at = 1, #all, 8 do
    if #all <= 4096 and string.sub(all, at, at + 7) == reporter then
      redis.call('SET', list, string.sub(all, 1, at - 1) .. string.sub(all, at + 8), 'KEEPTTL')
      return
    end
  end
end

local function remember(list, crowd, reporter, seconds)
  local isNew = redis.call('EXISTS', crowd) == 0
  if redis.call('STRLEN', list) < 4104 then
    redis.call('APPEND', list, reporter)
  end
  redis.call('PFADD', crowd, reporter)
  if isNew then
    redis.call('EXPIRE', list, seconds)
    redis.call('EXPIRE', crowd, seconds)
  end
end
