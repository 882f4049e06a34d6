using System.Security.Cryptography;
using System.Text;

namespace Minion.Tools.Registry;

/// <summary>Pins what a model is told of a tool and what the tool may do, and where that is: any change of it is another hash.</summary>
internal static class ToolHash
{
    public static byte[] Of(ToolDescription tool)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        string[] told = [tool.Name, tool.Description, tool.InputSchema, tool.OutputSchema, tool.Policy.Effect.ToString()];
        foreach (var part in tool.Pinned.Length == 0 ? told : [.. told, tool.Pinned])
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            hash.AppendData(BitConverter.GetBytes((long)bytes.Length));
            hash.AppendData(bytes);
        }

        return hash.GetHashAndReset();
    }
}
