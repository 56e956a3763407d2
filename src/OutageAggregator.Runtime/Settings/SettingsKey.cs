using System.Collections;
using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Net;
using System.Reflection;

namespace OutageAggregator.Runtime.Settings;

/// <summary>
/// One setting: a property of a settings object, found under a key. It knows how to read its type and how to say what is allowed.
/// Scalars are text, enumerations and anything <see cref="IParsable{TSelf}"/>; an array of those is a list.
/// </summary>
internal sealed class SettingsKey(string name, object owner, PropertyInfo property)
{
    private static readonly MethodInfo s_parse = typeof(SettingsKey).GetMethod(nameof(ParseAs), BindingFlags.NonPublic | BindingFlags.Static)!;

    public string Name => name;

    public bool IsList => property.PropertyType.IsArray;

    /// <summary>Where the value came from; null while it is the default.</summary>
    public string? Place { get; private set; }

    private Type ItemType
    {
        get
        {
            var type = IsList ? property.PropertyType.GetElementType()! : property.PropertyType;
            return Nullable.GetUnderlyingType(type) ?? type;
        }
    }

    public static bool CanRead(Type type)
    {
        var item = type.IsArray ? type.GetElementType()! : type;
        item = Nullable.GetUnderlyingType(item) ?? item;
        return item == typeof(string) || item.IsEnum || IsParsable(item);
    }

    /// <exception cref="SettingsException">The text is not of the type.</exception>
    public void Set(string? text, string place)
    {
        Place = place;
        if (text is null && (Nullable.GetUnderlyingType(property.PropertyType) is not null || property.PropertyType == typeof(string)))
            property.SetValue(owner, null);
        else
            property.SetValue(owner, Parse(text, place));
    }

    /// <exception cref="SettingsException">One of the texts is not of the type.</exception>
    public void SetList(IReadOnlyList<(string? Text, string Place)> items)
    {
        var array = Array.CreateInstance(ItemType, items.Count);
        for (var i = 0; i < items.Count; i++)
        {
            Place = items[i].Place;
            array.SetValue(Parse(items[i].Text, items[i].Place), i);
        }
        property.SetValue(owner, array);
    }

    /// <exception cref="SettingsException">The value breaks a rule stated on the property.</exception>
    public void Check()
    {
        var value = property.GetValue(owner);
        var context = new ValidationContext(owner) { MemberName = property.Name, DisplayName = name };
        foreach (var rule in property.GetCustomAttributes<ValidationAttribute>())
        {
            if (rule.GetValidationResult(value, context) is { } broken)
                throw new SettingsException($"{Place ?? name} is {Show(value)}. Allowed: {Allowed(broken.ErrorMessage)}.");
        }
    }

    /// <summary>What may be written, in words.</summary>
    private string Allowed(string? brokenRule = null)
    {
        if (property.GetCustomAttribute<DescriptionAttribute>() is { } said)
            return said.Description;
        if (property.GetCustomAttribute<AllowedValuesAttribute>() is { } values)
            return string.Join(", ", values.Values);
        var kind = ItemType switch
        {
            var t when t.IsEnum => string.Join(", ", Enum.GetNames(t)),
            var t when t == typeof(string) => "text",
            var t when t == typeof(bool) => "true, false",
            var t when t == typeof(int) || t == typeof(long) => "a whole number",
            var t when t == typeof(double) => "a number",
            var t when t == typeof(TimeSpan) => "a time span, [days.]hours:minutes:seconds,",
            var t when t == typeof(IPNetwork) => "networks in CIDR form, such as 10.0.0.0/8 or ::1/128",
            var t => t.Name,
        };
        var range = property.GetCustomAttribute<RangeAttribute>() is { } r
            ? string.Create(CultureInfo.InvariantCulture, $" from {r.Minimum} to {r.Maximum}")
            : "";
        // A rule that is no range says itself what it wants.
        return range.Length == 0 && brokenRule is not null ? brokenRule.TrimEnd('.') : (kind + range).TrimEnd(',');
    }

    private object Parse(string? text, string place)
    {
        var type = ItemType;
        object? value = null;
        if (type == typeof(string))
            value = text;
        else if (type.IsEnum)
            value = Enum.GetNames(type).Contains(text, StringComparer.OrdinalIgnoreCase) ? Enum.Parse(type, text!, ignoreCase: true) : null;
        else if (text is not null)
            value = s_parse.MakeGenericMethod(type).Invoke(null, [text]);
        return value ?? throw new SettingsException($"{place} is {Show(text)}. Allowed: {Allowed()}.");
    }

    private static object? ParseAs<T>(string text) where T : IParsable<T> =>
        T.TryParse(text, CultureInfo.InvariantCulture, out var value) ? value : null;

    private static bool IsParsable(Type type) => type.GetInterfaces()
        .Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IParsable<>) && i.GenericTypeArguments[0] == type);

    private static string Show(object? value) => value switch
    {
        null => "not set",
        string text => $"'{text}'",
        IEnumerable items => string.Join(", ", items.Cast<object?>().Select(Show)),
        _ => string.Create(CultureInfo.InvariantCulture, $"'{value}'"),
    };
}
