using OutageAggregator.Storage;

namespace OutageAggregator.Contracts;

/// <summary>What every cursor store promises. A store is done when a subclass that only says how to open an empty one passes unchanged.</summary>
public abstract class CursorStoreContract : IAsyncLifetime
{
    protected static readonly CancellationToken None = CancellationToken.None;

    protected ICursorStore Cursors { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Cursors = await OpenAsync();

    public virtual ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return default;
    }

    /// <summary>Opens an empty store; it is closed by the subclass.</summary>
    protected abstract ValueTask<ICursorStore> OpenAsync();

    [Fact]
    public async Task Who_never_saved_a_position_has_none_which_is_not_the_first_one()
    {
        Assert.Null(await Cursors.ReadAsync("webhooks", None));

        await Cursors.SaveAsync("webhooks", 0, None);

        Assert.Equal(0, await Cursors.ReadAsync("webhooks", None));
    }

    [Fact]
    public async Task The_position_that_was_saved_last_is_read()
    {
        await Cursors.SaveAsync("webhooks", 41, None);
        await Cursors.SaveAsync("webhooks", 9_007_199_254_740_991, None);

        Assert.Equal(9_007_199_254_740_991, await Cursors.ReadAsync("webhooks", None));
    }

    [Fact]
    public async Task Consumers_have_a_position_each()
    {
        await Cursors.SaveAsync("webhooks", 3, None);
        await Cursors.SaveAsync("mail", 5, None);

        Assert.Equal((3, 5), (await Cursors.ReadAsync("webhooks", None), await Cursors.ReadAsync("mail", None)));
        Assert.Null(await Cursors.ReadAsync("Mail", None));
    }

    [Fact]
    public async Task A_position_never_moves_back_whoever_saves_it()
    {
        await Cursors.SaveAsync("webhooks", 10, None);
        await Cursors.SaveAsync("webhooks", 4, None);
        Assert.Equal(10, await Cursors.ReadAsync("webhooks", None));

        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Cursors.SaveAsync("webhooks", 11 + (i * 7 % 50), None)));

        Assert.Equal(60, await Cursors.ReadAsync("webhooks", None));
    }
}
