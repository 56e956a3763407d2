using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OutageAggregator.Runtime;
using OutageAggregator.Storage.Memory;
using OutageAggregator.Storage.Sqlite;
using OutageAggregator.TestKit;
using static OutageAggregator.TestKit.Stores.Example;

namespace OutageAggregator.Storage.Tests;

/// <summary>Stores as a host registers, starts and stops them.</summary>
public sealed class StorageHostTests : IDisposable
{
    private static readonly CancellationToken s_none = CancellationToken.None;
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_host_opens_the_database_when_it_starts_and_closes_it_when_it_ends()
    {
        using (var host = Build(services => services.AddSqliteStorage(_folder.Path, Readiness.TellStore)))
        {
            Assert.False(File.Exists(_folder.Database));
            await host.StartAsync(s_none);
            Assert.True(File.Exists(_folder.Database));
            Assert.DoesNotContain(Missing(host), m => m.Contains("the store", StringComparison.Ordinal));
            await host.Services.GetRequiredService<ICountStore>().AppendAsync(Batch(Chat, Noon, Down(1)), s_none);
            await host.Services.GetRequiredService<IIncidentLog>().AppendAsync([Opened(1)], s_none);
            await host.StopAsync(s_none);
            await ((IAsyncDisposable)host).DisposeAsync();
        }

        await using var again = _folder.Open();
        Assert.Equal(1, await CountAsync(new SqliteCountStore(again), Chat));
        Assert.Equal(1, await new SqliteIncidentLog(again).LastPositionAsync(s_none));
    }

    [Fact]
    public async Task A_host_whose_database_can_not_be_opened_does_not_start()
    {
        await File.WriteAllTextAsync(_folder.Database, string.Concat(Enumerable.Repeat("no database ", 1000)), s_none);
        using var host = Build(services => services.AddSqliteStorage(_folder.Path, Readiness.TellStore));

        var exception = await Assert.ThrowsAsync<StoreUnavailableException>(() => host.StartAsync(s_none));
        Assert.Contains(_folder.Database, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_is_not_ready_while_writes_fail()
    {
        using var host = Build(services => services
            .AddSingleton(new StorageSettings { BusyMilliseconds = 0 })
            .AddSqliteStorage(_folder.Path, Readiness.TellStore));
        await host.StartAsync(s_none);
        var store = host.Services.GetRequiredService<ICountStore>();
        using (var shell = _folder.Shell())
        {
            shell.Execute("BEGIN IMMEDIATE");
            await Assert.ThrowsAsync<StoreUnavailableException>(() => store.ObserveAsync(Noon, s_none));
            Assert.Contains(Missing(host), m => m.Contains("locked by another program", StringComparison.Ordinal));
        }

        await store.ObserveAsync(Noon, s_none);
        Assert.DoesNotContain(Missing(host), m => m.Contains("locked", StringComparison.Ordinal));
        await ((IAsyncDisposable)host).DisposeAsync();
    }

    [Fact]
    public async Task A_host_is_ready_while_only_the_shadow_can_not_be_written()
    {
        using var host = Build(services => services.AddSqliteStorage(_folder.Path, Readiness.TellStore));
        await host.StartAsync(s_none);
        var shadow = host.Services.GetRequiredService<IShadowLog>();
        var counts = host.Services.GetRequiredService<ICountStore>();
        using (var shell = _folder.Shell())
            shell.Execute("DROP TABLE shadow_events; DROP TABLE shadow_runs");

        await Assert.ThrowsAsync<StoreUnavailableException>(() => shadow.Incidents.AppendAsync([Opened(1)], s_none));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => shadow.NoteAsync("ears-c2", Noon, s_none));

        Assert.DoesNotContain(Missing(host), m => m.Contains("the store", StringComparison.Ordinal) || m.Contains("database", StringComparison.Ordinal));
        // A shadow's write that succeeds says as little.
        using (var shell = _folder.Shell())
            shell.Execute("CREATE TABLE shadow_runs (number INTEGER PRIMARY KEY, detector TEXT NOT NULL, since INTEGER NOT NULL) STRICT; CREATE TRIGGER fail BEFORE INSERT ON journal BEGIN SELECT RAISE(FAIL, 'no more'); END");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => counts.AppendAsync(Batch(Chat, Noon, Down(1)), s_none));
        Assert.NotNull(await shadow.NoteAsync("ears-c2", Noon, s_none));
        Assert.Contains(Missing(host), m => m.Contains("no more", StringComparison.Ordinal));
        await ((IAsyncDisposable)host).DisposeAsync();
    }

    [Fact]
    public async Task A_host_in_memory_has_both_stores()
    {
        using var host = Build(services => services.AddMemoryStorage(Readiness.TellStore));
        await host.StartAsync(s_none);

        await host.Services.GetRequiredService<ICountStore>().AppendAsync(Batch(Chat, Noon, Down(1)), s_none);
        await host.Services.GetRequiredService<IIncidentLog>().AppendAsync([Opened(1)], s_none);
        Assert.DoesNotContain(Missing(host), m => m.Contains("the store", StringComparison.Ordinal));
    }

    private static IHost Build(Action<IServiceCollection> add) =>
        new HostBuilder().ConfigureServices((_, services) => add(services.AddSingleton<Readiness>())).Build();

    private static IReadOnlyList<string> Missing(IHost host) => host.Services.GetRequiredService<Readiness>().WhatIsMissing();
}
