using OutageAggregator.Web.Http;

namespace OutageAggregator.Web.Tests.Http;

/// <summary>What is kept of what people write: all that they mean, and nothing that hides or turns around what follows.</summary>
public sealed class CleanTextTests
{
    [Theory]
    [InlineData("first\nsecond", "first second")]
    [InlineData("first\r\nsecond", "first second")]
    [InlineData("a\n\n\n\tb", "a b")]
    [InlineData("a\u2028b\u2029c\u0085d\u000Be\u000Cf", "a b c d e f")]
    [InlineData("\n \t a \n", "a")]
    public void Line_breaks_and_tabs_become_one_space(string text, string clean) => Assert.Equal(clean, CleanText.Of(text));

    [Theory]
    [InlineData("a\u200Fb")]
    [InlineData("a\u200Eb")]
    [InlineData("a\u061Cb")]
    [InlineData("\u202Aa\u202Bb\u202C\u202D\u202E")]
    [InlineData("a\u2066\u2067\u2068\u2069b")]
    [InlineData("a\u00ADb")]
    [InlineData("a\u200Bb")]
    [InlineData("a\u2060\u2061\u2064\uFEFFb")]
    [InlineData("a\u200Cb")]
    [InlineData("a\u200Db")]
    [InlineData("a\0\u0007\u007F\u009Fb")]
    [InlineData("a\uE000\uDBFF\uDFFDb")]
    [InlineData("a\uFFFE\uFDD0\uD83F\uDFFFb")]
    [InlineData("a\uDB40\uDC01\uDB40\uDC41\uDB40\uDC7Fb")]
    [InlineData("a\u3164\u2800\u115F\u034Fb")]
    [InlineData("a\uFE0F\uDB40\uDD00b")]
    [InlineData("a\u206A\uFFF9\uFFFBb")]
    public void What_hides_turns_text_around_or_is_no_character_is_left_out(string text) => Assert.Equal("ab", CleanText.Of(text));

    // Not as data of a theory: what is no character can't stand there.
    [Fact]
    public void Halves_of_characters_are_left_out()
    {
        foreach (var text in (string[])["a\uD800b", "a\uDC00\uD800b", "\uDFFFab", "ab\uD83D", "a\uD83D\u200Bb"])
            Assert.Equal("ab", CleanText.Of(text));
    }

    [Theory]
    [InlineData("نمی‌شود وارد شد")]
    [InlineData("دیجی‌کالا")]
    [InlineData("ه‍ ۱۴۰۳")]
    [InlineData("क्‍ष और क्‌ष")]
    [InlineData("ന്‍")]
    [InlineData("👨‍👩‍👧 offline")]
    [InlineData("🏳️‍🌈 🏴‍☠️ 🏴󠁧󠁢󠁥󠁮󠁧󠁿 🏴󠁧󠁢󠁳󠁣󠁴󠁿 🏴󠁧󠁢󠁷󠁬󠁳󠁿")]
    [InlineData("🇮🇹🇮🇷🇯🇵")]
    [InlineData("👩🏽‍🚀 🧑🏿‍🤝‍🧑🏻 ❤️‍🔥 👁️‍🗨️ 🏃🏾‍♀️‍➡️")]
    [InlineData("1️⃣ ☎︎ ©️")]
    [InlineData("葛󠄀飾区")]
    [InlineData("caffè, Straße, Łódź, ﷺ, 한국어, ไม่ได้")]
    [InlineData("a - b   c")]
    public void What_people_mean_stays(string text) => Assert.Equal(text, CleanText.Of(text));

    [Theory]
    [InlineData("می‌‌شود", "می‌شود")]
    [InlineData("می‌", "می")]
    [InlineData("‌می", "می")]
    [InlineData("😀‍x", "😀x")]
    [InlineData("😀‍‍😀", "😀‍😀")]
    [InlineData("🏴\U000E0067\U000E0062\U000E0061\U000E007F", "🏴")]
    [InlineData("🏴\U000E0067\U000E0062\U000E0065\U000E006E\U000E0067", "🏴")]
    [InlineData("❤️️️", "❤️")]
    [InlineData("م\u202Eن", "من")]
    [InlineData("👩\u200B‍🚀", "👩‍🚀")]
    public void Of_what_is_said_twice_or_at_the_wrong_place_one_or_none_stays(string text, string clean) => Assert.Equal(clean, CleanText.Of(text));

    [Fact]
    public void Whatever_comes_cleaning_it_again_changes_nothing_and_it_gets_no_longer()
    {
        var random = new Random(20241109);
        int[] spices = [0x0A, 0x20, 0x41, 0x200C, 0x200D, 0x202E, 0x2068, 0xFE0F, 0x0645, 0x0915, 0x094D, 0x1F468, 0x1F3F4, 0xE0067, 0xE007F, 0xD800, 0xDC00, 0xAD, 0x2764];
        for (var i = 0; i < 20_000; i++)
        {
            var text = string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => spices[random.Next(spices.Length)] is var c && c is >= 0xD800 and <= 0xDFFF or < 0x10000
                ? ((char)c).ToString() : char.ConvertFromUtf32(c)));
            var once = CleanText.Of(text);
            Assert.True(once.Length <= text.Length, text);
            Assert.Equal(once, CleanText.Of(once));
            Assert.DoesNotContain(once, c => c is '\u202E' or '\u2068' or '\u00AD' or < ' ');
        }
    }

    [Fact]
    public void A_text_is_cut_between_characters_as_people_count_them()
    {
        Assert.Equal("🇮🇹🇮🇹", CleanText.Cut("🇮🇹🇮🇹🇮🇹", 2).ToString());
        Assert.Equal("👨‍👩‍👧ab", CleanText.Cut("👨‍👩‍👧abc", 3).ToString());
        Assert.Equal("किकि", CleanText.Cut("किकिकि", 2).ToString());
        Assert.Equal("abc", CleanText.Cut("abc", 3).ToString());
        // A character may carry any number of marks: four units for each that is allowed, and no more.
        Assert.Equal("b", CleanText.Cut("b" + "a" + new string('\u0301', 20), 2).ToString());
    }
}
