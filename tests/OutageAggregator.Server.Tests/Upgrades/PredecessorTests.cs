using System.Net;
using System.Text.Json;

namespace OutageAggregator.Server.Tests.Upgrades;

/// <summary>What people see after an upgrade: the server opens what earlier versions left, and answers as they did.</summary>
public sealed class PredecessorTests
{
    public static TheoryData<string, string> All => Of("sqlite", "redis", "spool");

    // A spool holds what came while Redis was away, when nobody could know which batches had been sent before.
    public static TheoryData<string, string> WithBatches => Of("sqlite", "redis");

    [Theory]
    [MemberData(nameof(All))]
    public async Task Counts_incidents_reviews_and_withdraw_addresses_of_an_earlier_version_are_what_they_were(string version, string kind)
    {
        await using var left = await Predecessor.OpenAsync(version, kind);

        await AssertAnswersAsync(left);
        if (kind == "spool")
        {
            // What was handed on is not handed on once more.
            await left.RestartAsync();
            await AssertAnswersAsync(left);
        }

        var reporter = left.Expected.GetProperty("reporter");
        var receipt = await left.ReportAsync(reporter.GetProperty("address").GetString()!, reporter.GetProperty("service").GetString()!);
        Assert.Equal("duplicate", receipt.GetProperty("reason").GetString());

        await AssertWithdrawalsAsync(left);
    }

    [Theory]
    [MemberData(nameof(WithBatches))]
    public async Task A_batch_that_an_earlier_version_took_is_answered_the_same_when_it_is_sent_again(string version, string kind)
    {
        await using var left = await Predecessor.OpenAsync(version, kind);
        var repeated = left.Expected.GetProperty("repeated");

        var answer = await left.SendAsync(repeated.GetProperty("key").GetString()!, repeated.GetProperty("body").GetString()!);

        AssertHolds(repeated.GetProperty("answer"), answer, "batch");
        await AssertAnswersAsync(left);
    }

    private static TheoryData<string, string> Of(params string[] kinds)
    {
        var data = new TheoryData<string, string>();
        foreach (var version in Predecessor.Versions)
        {
            foreach (var kind in kinds)
                data.Add(version, kind);
        }
        return data;
    }

    private static async Task AssertAnswersAsync(Predecessor left)
    {
        var answers = left.Expected.GetProperty("answers").EnumerateObject().ToList();
        Assert.NotEmpty(answers);
        foreach (var answer in answers)
            AssertHolds(answer.Value, await left.Server.GetAsync(answer.Name), answer.Name);
    }

    private static async Task AssertWithdrawalsAsync(Predecessor left)
    {
        var withdrawals = left.Expected.GetProperty("withdraw").EnumerateArray()
            .Select(w => (Address: w.GetProperty("address").GetString()!, Series: w.GetProperty("series").GetString()!)).ToList();
        Assert.NotEmpty(withdrawals);
        var before = await Task.WhenAll(withdrawals.Select(w => left.CountAsync(w.Series)));

        // What was taken back before is taken back once only.
        foreach (var address in withdrawals.Select(w => w.Address).Append(left.Expected.GetProperty("withdrawn").GetString()))
        {
            using var answer = await left.Server.Client.DeleteAsync(address);
            Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        }

        // Charts are kept for a second.
        foreach (var ((_, series), count) in withdrawals.Zip(before))
        {
            await left.Server.UntilAsync(async () => await left.CountAsync(series) < count);
            Assert.Equal(count - 1, await left.CountAsync(series));
        }
    }

    /// <summary>
    /// All that is expected is there and equal; an answer may say more. Where an object is expected and the answer has an array, the object
    /// holds columns of the array's objects.
    /// </summary>
    private static void AssertHolds(JsonElement expected, JsonElement actual, string place)
    {
        if (expected.ValueKind == JsonValueKind.Object && actual.ValueKind == JsonValueKind.Array)
        {
            foreach (var column in expected.EnumerateObject())
            {
                var values = JsonSerializer.SerializeToElement(actual.EnumerateArray().Select(row => row.GetProperty(column.Name)));
                AssertHolds(column.Value, values, $"{place} {column.Name}");
            }
        }
        else if (expected.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in expected.EnumerateObject())
            {
                Assert.True(actual.TryGetProperty(property.Name, out var value), $"{place}: {property.Name} is missing from {actual}.");
                AssertHolds(property.Value, value, $"{place} {property.Name}");
            }
        }
        else if (expected.ValueKind == JsonValueKind.Array)
        {
            Assert.True(
                actual.ValueKind == JsonValueKind.Array && expected.GetArrayLength() == actual.GetArrayLength(),
                $"{place}: was {expected}, is {actual}.");
            foreach (var (index, (was, value)) in expected.EnumerateArray().Zip(actual.EnumerateArray()).Index())
                AssertHolds(was, value, $"{place} {index}");
        }
        else
        {
            Assert.True(JsonElement.DeepEquals(expected, actual), $"{place}: was {expected.GetRawText()}, is {actual.GetRawText()}.");
        }
    }
}
