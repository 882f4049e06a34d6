using System.Text;

namespace Minion.Models.Providers.Http;

internal static class Bodies
{
    private const int MostBytes = 64 * 1024;

    /// <summary>The first 64 kB of a body as text: enough for an error.</summary>
    public static async Task<string> ReadStartAsync(Stream? body, CancellationToken cancellationToken)
    {
        if (body is null)
        {
            return "";
        }

        var buffer = new byte[MostBytes];
        try
        {
            var length = await body.ReadAtLeastAsync(buffer, MostBytes, throwOnEndOfStream: false, cancellationToken);
            return Encoding.UTF8.GetString(buffer, 0, length);
        }
        catch (IOException)
        {
            // The status says enough.
            return "";
        }
    }
}
