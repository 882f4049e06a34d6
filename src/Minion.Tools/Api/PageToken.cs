using System.Buffers.Text;
using System.Text;

namespace Minion.Tools.Api;

/// <summary>Where a page ended: the last name, in a form that nobody is tempted to make up.</summary>
internal static class PageToken
{
    public static string Of(string lastName) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(lastName));

    /// <summary>The last name of the page before; empty for the first page, null when the token is none of ours.</summary>
    public static string? Read(string token)
    {
        try
        {
            return Encoding.UTF8.GetString(Base64Url.DecodeFromChars(token));
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
