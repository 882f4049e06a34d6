using System.Security.Cryptography;
using System.Text;

namespace Minion.Edge.Agents;

/// <summary>The session's id of a request that may be repeated: the same for the same conversation under the same key, so that both times it is the same session.</summary>
internal static class ConversationId
{
    public static string Of(string agent, string key, Conversation conversation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Add(hash, agent);
        Add(hash, key);
        foreach (var message in conversation.Before)
        {
            Add(hash, message.Role.ToString());
            Add(hash, message.Content);
        }

        return new Guid(hash.GetHashAndReset().AsSpan(0, 16)).ToString();
    }

    private static void Add(IncrementalHash hash, string text)
    {
        hash.AppendData(Encoding.UTF8.GetBytes(text));
        hash.AppendData([0]);
    }
}
