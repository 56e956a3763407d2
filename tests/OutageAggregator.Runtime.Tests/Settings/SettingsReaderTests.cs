using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Net;
using Microsoft.Extensions.Configuration;
using OutageAggregator.Runtime.Settings;

namespace OutageAggregator.Runtime.Tests.Settings;

public sealed class SettingsReaderTests
{
    private static readonly Dictionary<string, string> s_retired = new(StringComparer.Ordinal) { ["Queue:Seats"] = "is now Queue:Places" };

    private readonly Root _root = new();

    private Queue Filled => _root.Queue;

    [Fact]
    public void What_nobody_says_stays_at_its_default()
    {
        Read();
        Assert.Equal((20, "fast", false, TimeSpan.FromSeconds(5)), (Filled.Places, Filled.Mode, _root.Loud, Filled.Wait));
    }

    [Fact]
    public void Values_of_every_kind_are_read()
    {
        Read(new()
        {
            ["loud"] = "TRUE",
            ["Queue:Places"] = "7",
            ["Queue:Share"] = "0.25",
            ["Queue:Wait"] = "00:01:30",
            ["Queue:Level"] = "high",
            ["Queue:Inner:Depth"] = "3",
            ["Queue:Networks:0"] = "10.0.0.0/8",
            ["Queue:Networks:1"] = "::1/128",
            ["Queue:Limit"] = null,
        });
        Assert.True(_root.Loud);
        Assert.Equal((7, 0.25, TimeSpan.FromSeconds(90), Level.High, 3), (Filled.Places, Filled.Share, Filled.Wait, Filled.Level, Filled.Inner.Depth));
        Assert.Equal([IPNetwork.Parse("10.0.0.0/8"), IPNetwork.Parse("::1/128")], Filled.Networks);
        Assert.Null(Filled.Limit);
    }

    [Fact]
    public void A_later_source_wins_and_replaces_a_list_as_a_whole()
    {
        ReadAll(
        [
            new() { ["Queue:Places"] = "7", ["Queue:Networks:0"] = "10.0.0.0/8", ["Queue:Networks:1"] = "11.0.0.0/8" },
            new() { ["Queue:Places"] = "8", ["Queue:Networks:0"] = "12.0.0.0/8" },
        ]);
        Assert.Equal(8, Filled.Places);
        Assert.Equal([IPNetwork.Parse("12.0.0.0/8")], Filled.Networks);
    }

    [Fact]
    public void A_list_may_be_written_as_one_text_and_be_emptied()
    {
        Read(new() { ["Queue:Networks"] = "10.0.0.0/8" });
        Assert.Equal([IPNetwork.Parse("10.0.0.0/8")], Filled.Networks);

        var other = new Root();
        SettingsReader.Read(other, [Source(new() { ["Queue:Networks:0"] = "10.0.0.0/8" }), Source(new() { ["Queue:Networks"] = "" })], s_retired);
        Assert.Empty(other.Queue.Networks);
    }

    [Fact]
    public void Names_that_the_operator_gives_are_part_of_the_key()
    {
        Read(new() { ["Levels:A.B"] = "High", ["Doors:front:Wide"] = "true" });
        Assert.Equal(Level.High, _root.Levels["A.B"]);
        Assert.True(_root.Doors["front"].Wide);
    }

    [Fact]
    public void A_setting_says_of_itself_what_may_be_written_and_what_it_is_without_being_told()
    {
        var all = Setting.AllOf(_root);

        var places = all.Single(s => s.Key == "Queue:Places");
        Assert.Equal(("How many may wait.", "20", "a whole number from 1 to 100"), (places.Description, places.Default, places.Allowed));
        Assert.Null(all.Single(s => s.Key == "Queue:Networks").Default);
        Assert.Contains(all, s => s.Key == "Doors:NAME:Wide");
    }

    [Theory]
    [InlineData("Queue:Place", "3", "Queue:Place in the test is no setting. Did you mean Queue:Places?")]
    [InlineData("queue:place", "3", "queue:place in the test is no setting. Did you mean Queue:Places?")]
    [InlineData("Queue:Nonsense", "3", "Queue:Nonsense in the test is no setting. Allowed in Queue: Places, Share,")]
    [InlineData("Nonsense", "3", "Nonsense in the test is no setting. Allowed: Loud, Queue, Levels, Doors.")]
    [InlineData("Nonsense", null, "Nonsense in the test is no setting.")]
    [InlineData("Queue:Places:0", "3", "Queue:Places:0 in the test is no setting. Did you mean Queue:Places?")]
    [InlineData("Queue", "3", "Queue in the test is a group of settings, not a value. Allowed in it: Places,")]
    [InlineData("Loud", "yes", "Loud in the test is 'yes'. Allowed: true, false.")]
    [InlineData("Loud", null, "Loud in the test is not set. Allowed: true, false.")]
    [InlineData("Queue:Places", "seven", "Queue:Places in the test is 'seven'. Allowed: a whole number from 1 to 100.")]
    [InlineData("Queue:Places", "7.5", "Allowed: a whole number from 1 to 100.")]
    [InlineData("Queue:Places", "99999999999", "Allowed: a whole number from 1 to 100.")]
    [InlineData("Queue:Places", "0", "Queue:Places in the test is '0'. Allowed: a whole number from 1 to 100.")]
    [InlineData("Queue:Share", "2", "Queue:Share in the test is '2'. Allowed: a number from 0 to 1.")]
    [InlineData("Queue:Wait", "5", "Queue:Wait in the test is '5.00:00:00'. Allowed: a time span, [days.]hours:minutes:seconds, from 00:00:01 to 00:10:00.")]
    [InlineData("Queue:Door", "secret", "Queue:Door in the test is '***'. Allowed: one of a-z.")]
    [InlineData("Queue:Mode", "medium", "Queue:Mode in the test is 'medium'. Allowed: fast, slow.")]
    [InlineData("Queue:Level", "2", "Queue:Level in the test is '2'. Allowed: Low, High.")]
    [InlineData("Queue:Networks:first", "10.0.0.0/8", "Queue:Networks:first in the test is no setting.")]
    [InlineData("Queue:IsShort", "3", "Queue:IsShort in the test is no setting.")]
    [InlineData("Queue:Seats", "3", "Queue:Seats in the test is now Queue:Places.")]
    [InlineData("Level:A.B", "High", "Level:A.B in the test is no setting. Did you mean Levels:A.B?")]
    [InlineData("Levels:A.B", "1", "Levels:A.B in the test is '1'. Allowed: Low, High.")]
    [InlineData("Levels", "High", "Levels in the test is a group of settings, not a value. Allowed in it: NAME.")]
    [InlineData("Doors:front:Wid", "true", "Doors:front:Wid in the test is no setting. Did you mean Doors:front:Wide?")]
    [InlineData("Queue:Networks:0", "ten", "Queue:Networks:0 in the test is 'ten'. Allowed: networks in CIDR form")]
    public void A_wrong_setting_is_named_with_its_place_and_what_is_allowed(string key, string? value, string says)
    {
        var fault = Assert.Throws<SettingsException>(() => Read(new Dictionary<string, string?>(StringComparer.Ordinal) { [key] = value }));
        Assert.StartsWith($"{key} in the test", fault.Message);
        Assert.Contains(says, fault.Message);
        Assert.DoesNotContain('\n', fault.Message);
    }

    [Fact]
    public void An_empty_group_says_nothing_and_is_no_fault() => Read(new() { ["Queue"] = null });

    private void Read() => ReadAll([]);

    private void Read(Dictionary<string, string?> values) => ReadAll([values]);

    private void ReadAll(Dictionary<string, string?>[] sources) => SettingsReader.Read(_root, sources.Select(Source), s_retired);

    private static SettingsSource Source(Dictionary<string, string?> said) =>
        new(new ConfigurationBuilder().AddInMemoryCollection(said).Build(), key => $"{key} in the test");

    private enum Level
    {
        Low,
        High,
    }

    private sealed class Root
    {
        public bool Loud { get; set; }

        public Queue Queue { get; } = new();

        public Dictionary<string, Level> Levels { get; } = [];

        public Dictionary<string, Door> Doors { get; } = [];
    }

    private sealed class Queue
    {
        [Range(1, 100), Description("How many may wait.")]
        public int Places { get; set; } = 20;

        [Range(0.0, 1.0)]
        public double Share { get; set; } = 0.5;

        [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
        public TimeSpan Wait { get; set; } = TimeSpan.FromSeconds(5);

        [AllowedValues("fast", "slow")]
        public string Mode { get; set; } = "fast";

        [PasswordPropertyText, RegularExpression("[a-z]", ErrorMessage = "one of a-z")]
        public string Door { get; set; } = "a";

        public Level Level { get; set; }

        public int? Limit { get; set; } = 4;

        public IPNetwork[] Networks { get; set; } = [];

        public Nested Inner { get; } = new();

        public bool IsShort => Places < 10;
    }

    private sealed class Door
    {
        public bool Wide { get; set; }
    }

    private sealed class Nested
    {
        public int Depth { get; set; }
    }
}
