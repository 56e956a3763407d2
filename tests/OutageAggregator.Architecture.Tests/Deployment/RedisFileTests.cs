namespace OutageAggregator.Architecture.Tests.Deployment;

/// <summary>What <c>deploy/redis.conf</c> promises. That Redis takes it is tested with a real one, beside the server.</summary>
public sealed class RedisFileTests
{
    [Fact]
    public void What_was_answered_is_on_the_disk_and_nothing_counted_is_thrown_away()
    {
        Assert.Equal(["yes"], Deployed.Redis["appendonly"]);
        Assert.Equal(["always"], Deployed.Redis["appendfsync"]);
        Assert.Equal(["no"], Deployed.Redis["no-appendfsync-on-rewrite"]);
        Assert.Equal(["noeviction"], Deployed.Redis["maxmemory-policy"]);
    }

    // Redis reads its log before it answers again.
    [Fact]
    public void The_log_is_rewritten_sooner_than_Redis_would()
    {
        Assert.Equal(["50"], Deployed.Redis["auto-aof-rewrite-percentage"]);
        Assert.Equal(["16mb"], Deployed.Redis["auto-aof-rewrite-min-size"]);
    }

    [Fact]
    public void There_is_room_for_a_second_copy_while_the_log_is_rewritten() =>
        Assert.True(Deployed.Bytes(Deployed.Compose.Services["redis"].Text("mem_limit")) >= 2 * Deployed.Bytes(Assert.Single(Deployed.Redis["maxmemory"])));

    [Fact]
    public void Its_health_is_asked_by_a_user_who_may_do_nothing_else()
    {
        var test = Deployed.Compose.Services["redis"].Map("healthcheck").Texts("test");

        Assert.Contains("health on nopass -@all +ping", Deployed.Redis["user"]);
        Assert.Contains("--user health ", test[1], StringComparison.Ordinal);
        Assert.Equal(["6379"], Deployed.Redis["port"]);
    }
}
