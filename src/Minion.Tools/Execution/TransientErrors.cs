using System.Data.Common;
using System.Net.Http;
using System.Net.Sockets;

namespace Minion.Tools.Execution;

/// <summary>Which exceptions may not come again when the same is tried later.</summary>
internal static class TransientErrors
{
    public static bool Has(Exception exception) => exception switch
    {
        DbException database => database.IsTransient,
        HttpRequestException or SocketException or TimeoutException or IOException => true,
        { InnerException: { } inner } => Has(inner),
        _ => false,
    };
}
