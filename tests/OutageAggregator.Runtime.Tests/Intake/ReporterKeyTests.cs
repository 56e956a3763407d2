using System.Net;
using OutageAggregator.Runtime.Intake;
using OutageAggregator.Runtime.Settings;

namespace OutageAggregator.Runtime.Tests.Intake;

public sealed class ReporterKeyTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("outage-key-").FullName;

    private string File => Path.Combine(_folder, ReporterKey.FileName);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static Reporter Of(ReporterKey key, string address) => key.Of(IPAddress.Parse(address));

    [Fact]
    public void The_same_address_is_the_same_reporter_after_a_restart()
    {
        var before = Of(ReporterKey.Open(_folder), "203.0.113.7");
        Assert.Equal(before, Of(ReporterKey.Open(_folder), "203.0.113.7"));
    }

    [Fact]
    public void Another_key_makes_other_reporters() =>
        Assert.NotEqual(Of(ReporterKey.Ephemeral(), "203.0.113.7"), Of(ReporterKey.Ephemeral(), "203.0.113.7"));

    [Fact]
    public void The_key_is_256_random_bits_that_only_its_owner_may_read()
    {
        _ = ReporterKey.Open(_folder);
        var bytes = System.IO.File.ReadAllBytes(File);
        Assert.Equal(32, bytes.Length);
        Assert.True(bytes.Distinct().Count() > 8);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, System.IO.File.GetUnixFileMode(File));
        Assert.Equal(File, Assert.Single(Directory.GetFiles(_folder)));
    }

    [Fact]
    public void An_IPv4_address_is_the_same_however_it_is_written() =>
        Assert.Equal(Of(ReporterKey.Open(_folder), "203.0.113.7"), Of(ReporterKey.Open(_folder), "::ffff:203.0.113.7"));

    [Fact]
    public void An_IPv6_home_is_one_reporter()
    {
        var key = ReporterKey.Open(_folder);
        Assert.Equal(Of(key, "2001:db8:1:2::1"), Of(key, "2001:db8:1:2:ffff:ffff:ffff:ffff"));
        Assert.NotEqual(Of(key, "2001:db8:1:2::1"), Of(key, "2001:db8:1:3::1"));
    }

    [Fact]
    public void Neighbours_are_different_reporters()
    {
        var key = ReporterKey.Open(_folder);
        Assert.Equal(256, Enumerable.Range(0, 256).Select(i => Of(key, $"203.0.113.{i}")).Distinct().Count());
    }

    [Fact]
    public void A_partners_user_is_known_by_the_partners_name_and_the_id_and_not_by_where_one_ends()
    {
        var key = ReporterKey.Open(_folder);
        Assert.Equal(key.OfPartner("news", "42"), key.OfPartner("news", "42"));
        Assert.NotEqual(key.OfPartner("news", "42"), key.OfPartner("news4", "2"));
        Assert.NotEqual(key.OfPartner("news", "42"), key.OfPartner("other", "42"));
    }

    [Fact]
    public void A_withdraw_token_belongs_to_one_report()
    {
        var key = ReporterKey.Open(_folder);
        var id = new ReportId(new BatchId(123), 4);
        var token = key.WithdrawToken(id);
        Assert.Equal(22, token.Length);
        Assert.True(key.IsWithdrawToken(id, token));
        Assert.False(key.IsWithdrawToken(id with { Index = 5 }, token));
        Assert.False(key.IsWithdrawToken(new ReportId(new BatchId(124), 4), token));
        Assert.False(ReporterKey.Ephemeral().IsWithdrawToken(id, token));
        foreach (var wrong in (string[])["", "x", token[..21], token + "A", new string('=', 22), new string('é', 22)])
            Assert.False(key.IsWithdrawToken(id, wrong), wrong);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    [InlineData(33)]
    public void A_key_of_another_length_stops_the_start_with_one_line_that_names_the_file(int length)
    {
        System.IO.File.WriteAllBytes(File, new byte[length]);
        var refused = Assert.Throws<SettingsException>(() => ReporterKey.Open(_folder));
        Assert.Contains(File, refused.Message, StringComparison.Ordinal);
        Assert.Contains("32 bytes", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public async Task Many_that_start_at_once_agree_on_one_key()
    {
        var reporters = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => Of(ReporterKey.Open(_folder), "203.0.113.7"))));
        Assert.Single(reporters.Distinct());
    }

    [Fact]
    public void Two_that_start_in_the_same_instant_agree_on_one_key_every_time()
    {
        for (var round = 0; round < 300; round++)
        {
            var folder = Path.Combine(_folder, $"{round}");
            using var start = new Barrier(2);
            var reporters = new Reporter[2];
            var starters = Enumerable.Range(0, 2).Select(i => new Thread(() =>
            {
                start.SignalAndWait();
                reporters[i] = Of(ReporterKey.Open(folder), "203.0.113.7");
            })).ToList();
            starters.ForEach(s => s.Start());
            starters.ForEach(s => s.Join());
            Assert.Equal(reporters[0], reporters[1]);
            Assert.Single(Directory.GetFiles(folder));
        }
    }
}
