using System.Security.Cryptography;
using System.Text;

namespace Minion.Models.Providers.Scripted;

/// <summary>
/// Ids of tool calls that are the same each time the same conversation is answered, also when its beginning was cut off.
/// </summary>
internal sealed class CallIds(string question)
{
    private readonly string _prefix = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(question)).AsSpan(0, 5));

    /// <summary>The id of a match's call.</summary>
    public string For(int match, int call) => $"call_{_prefix}_{match}_{call}";
}
