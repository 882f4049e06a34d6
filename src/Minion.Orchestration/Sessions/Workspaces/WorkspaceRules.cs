using System.Text;
using Minion.Contracts.Faults;
using Minion.Orchestration.Runs.Journal;
using Minion.Yaml;

namespace Minion.Orchestration.Sessions.Workspaces;

/// <summary>What a workspace's keys and values must be, whoever writes them.</summary>
internal static class WorkspaceRules
{
    public const int MostKeys = 1_000;
    public const int MostValueBytes = 1024 * 1024;
    public const int LongestKey = 200;

    /// <summary>The expected etag of a key that must not exist.</summary>
    public const string MustNotExist = "*";

    public const string KeyForm = "1 to 200 letters, digits and . _ - / :, starting with a letter or digit";

    private const int DeepestValue = 64;

    public static bool IsKey(string key) => key.Length is >= 1 and <= LongestKey && char.IsAsciiLetterOrDigit(key[0]) && key.All(IsOfKeys);

    public static void CheckKey(string key, Violations violations) =>
        violations.Check(IsKey(key), "key", key.Length == 0 ? $"is missing: {KeyForm}." : $"{Quoted.Of(key)} is not a key: {KeyForm}.");

    public static void CheckPrefix(string prefix, Violations violations) =>
        violations.Check(prefix.Length <= LongestKey && prefix.All(IsOfKeys), "prefix", $"is not the beginning of a key: {KeyForm}.");

    public static void CheckValue(string value, Violations violations)
    {
        var bytes = Encoding.UTF8.GetByteCount(value);
        if (!violations.Check(bytes <= MostValueBytes, "value", $"has {bytes:N0} bytes; at most {MostValueBytes:N0} (1 MiB) are allowed."))
        {
            return;
        }

        if (value.Contains('\0'))
        {
            violations.Add("value", "has a NUL character, which JSON does not allow.");
            return;
        }

        if (StoredJson.Problem(value, DeepestValue) is { } problem)
        {
            violations.Add("value", $"{problem.TrimEnd('.')} (a text has to be in quotes).");
        }
    }

    /// <summary>The expectation: any (null, false), no value (null, true), or this etag.</summary>
    public static (Guid? Etag, bool MustNotExist) ReadExpected(string expected, bool mayRequireNone, Violations violations)
    {
        if (expected.Length == 0)
        {
            return (null, false);
        }

        if (expected == MustNotExist && mayRequireNone)
        {
            return (null, true);
        }

        violations.Check(
            Guid.TryParseExact(expected, "N", out var etag), "expected_etag",
            $"{Quoted.Of(expected)} is not an etag: give one as GetValue returns it{(mayRequireNone ? ", * for a key that must not exist," : "")} or nothing.");
        return (etag, false);
    }

    private static bool IsOfKeys(char c) => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '/' or ':';
}
