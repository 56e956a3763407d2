namespace OutageAggregator.Core.Tests.Proposals;

public sealed class ProposedNameTests
{
    [Theory]
    [InlineData("Foo Bank", "foobank", "Foo Bank")]
    [InlineData("foobank", "foobank", "foobank")]
    [InlineData("  FÓO   Bänk ", "foobank", "FÓO Bänk")]
    [InlineData("is Foo Bank down?", "foobank", "Foo Bank")]
    [InlineData("Foobank Störung", "foobank", "Foobank")]
    [InlineData("«Foobank» non funziona", "foobank", "Foobank")]
    [InlineData("https://www.foobank.example/login?user=42", "foobank", "foobank.example")]
    [InlineData("login.foobank.example:8443", "foobank", "foobank.example")]
    [InlineData("FOOBANK.EXAMPLE", "foobank", "foobank.example")]
    [InlineData("www.foobank.co.uk", "foobank", "foobank.co.uk")]
    [InlineData("me@foobank.example", "foobank", "foobank.example")]
    [InlineData("Фубанк", "fubank", "Фубанк")]
    [InlineData("Foo Bank — is down", "foobank", "Foo Bank")]
    [InlineData("4chan", "4chan", "4chan")]
    [InlineData("1688", "1688", "1688")]
    [InlineData("AT&T Foo", "attfoo", "AT&T Foo")]
    [InlineData("my bank Foo is down", "bankfoo", "bank Foo")]
    [InlineData("Bank of Foo", "bankoffoo", "Bank of Foo")]
    [InlineData("بانک ملی قطع است", "bankmly", "بانک ملی")]
    [InlineData("Foo Bankası çöktü", "foobankasi", "Foo Bankası")]
    [InlineData("Foo+", "fooplus", "Foo+")]
    public void Spellings_of_a_name_have_one_key_and_keep_what_was_written(string text, string key, string name)
    {
        var read = ProposedName.Read(text);

        Assert.Equal((key, name), (read?.Key, read?.Name));
        Assert.Equal(ProposalId.Of(key), read!.Id);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?")]
    [InlineData("!!! ...")]
    [InlineData("is it down?")]
    [InlineData("x")]
    [InlineData("my bank is down")]
    [InlineData("call 3331234567 now")]
    [InlineData("+39 333 1234567")]
    [InlineData("4111111111111111")]
    [InlineData("🙃")]
    [InlineData("203.0.113.7")]
    public void What_names_nothing_is_no_name(string text) => Assert.Null(ProposedName.Read(text));

    [Fact]
    public void A_name_is_bounded()
    {
        Assert.Null(ProposedName.Read(new string('a', ProposedName.MaxLength + 1)));
        Assert.True(ProposedName.Read(string.Concat(Enumerable.Repeat("щ", ProposedName.MaxLength)))?.Key.Length is null or <= ProposedName.MaxKeyLength);
    }

    [Fact]
    public void An_address_beside_the_name_tells_the_domain_and_not_the_key()
    {
        var read = ProposedName.Read("Foo Bank", "https://Login.Foo-Banking.example/");

        Assert.Equal(("foobank", "Foo Bank", "foo-banking.example"), (read?.Key, read?.Name, read?.Domain));
        Assert.Equal("foo-banking", ProposedName.Read("is it down?", "foo-banking.example")?.Name[..11]);
    }

    [Theory]
    [InlineData("3e23e8160039594a", true)]
    [InlineData("3E23E8160039594A", true)]
    [InlineData("3e23e8160039594", false)]
    [InlineData("3e23e8160039594g", false)]
    [InlineData(" 3e23e816003959", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void An_id_is_sixteen_digits(string? text, bool isId)
    {
        Assert.Equal(isId, ProposalId.TryParse(text, out var id));
        if (isId)
            Assert.Equal("3e23e8160039594a", id.ToString());
    }
}
