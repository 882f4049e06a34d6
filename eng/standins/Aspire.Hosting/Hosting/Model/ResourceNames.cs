namespace Aspire.Hosting.ApplicationModel;

/// <summary>Names end up in host names and variables: ASCII letters, digits and single hyphens, 1 to 64 of them.</summary>
internal static class ResourceNames
{
    private const int Longest = 64;

    public static string Check(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return name.Length <= Longest
            && char.IsAsciiLetter(name[0])
            && !name.EndsWith('-')
            && !name.Contains("--", StringComparison.Ordinal)
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '-')
            ? name
            : throw new ArgumentException(
                $"Resource name '{name}' is invalid: it must begin with a letter, hold letters, digits and single hyphens, and have at most {Longest} characters.",
                nameof(name));
    }

    /// <summary>As a part of a variable's name.</summary>
    public static string Variable(string name) => string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_')).ToUpperInvariant();
}
