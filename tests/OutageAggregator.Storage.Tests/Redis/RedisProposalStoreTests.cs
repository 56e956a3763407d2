using OutageAggregator.Contracts;
using OutageAggregator.Storage.Redis.Proposals;

namespace OutageAggregator.Storage.Tests.Redis;

public sealed class RedisProposalStoreTests(SharedRedis redis) : ProposalStoreContract
{
    private OpenRedis? _open;

    public override async ValueTask DisposeAsync()
    {
        if (_open is not null)
            await _open.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override ValueTask<IProposalStore> OpenAsync()
    {
        _open = new OpenRedis(redis.Settings());
        return new(new RedisProposalStore(_open.Link));
    }

    [Fact]
    public async Task What_one_process_is_told_another_one_reads()
    {
        await using var other = new OpenRedis(_open!.Link.Settings);
        var store = new RedisProposalStore(other.Link);
        await NameAsync("Foo Bank", 0, person: 1);

        Assert.Equal("Foo Bank", Assert.Single(await store.ReadAsync(Noon, None)).Name);
        Assert.Equal(NamingOutcome.Duplicate, (await store.NameAsync(new Naming(Name("foobank"), new Reporter(7, 1), Region.Unknown, Noon.AddMinutes(1)), None)).Outcome);
        await Store.AcceptAsync(Service("foobank", "Foo Bank"), None);
        Assert.Equal(NamingOutcome.Accepted, (await store.NameAsync(new Naming(Name("foobank"), new Reporter(7, 2), Region.Unknown, Noon.AddMinutes(1)), None)).Outcome);
        Assert.Equal("foobank", Assert.Single(await store.ReadAcceptedAsync(None)).Service.Slug.ToString());
        Assert.True(store.IsShared);
    }
}
