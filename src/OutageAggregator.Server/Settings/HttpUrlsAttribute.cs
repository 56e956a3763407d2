namespace OutageAggregator.Server.Settings;

/// <summary>Addresses that Kestrel can listen on, separated by semicolons.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class HttpUrlsAttribute : ValidationAttribute
{
    public override bool IsValid(object? value) => value is not string text || text.Split(';').All(IsAddress);

    private static bool IsAddress(string text)
    {
        try
        {
            var address = BindingAddress.Parse(text.Trim());
            return address is { Scheme: "http" or "https", Port: >= 0 and <= 65_535, PathBase: "", IsUnixPipe: false, IsNamedPipe: false };
        }
        catch (FormatException)
        {
            return false;
        }
    }
}
