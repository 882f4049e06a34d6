using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace Grpc.AspNetCore.Server;

internal static partial class LogMessages
{
    [LoggerMessage(1, LogLevel.Information, "The call of {Method} ends with {StatusCode}: {Detail}")]
    public static partial void CallFailed(this ILogger logger, string method, StatusCode statusCode, string detail);

    [LoggerMessage(2, LogLevel.Error, "Error when executing service method '{Method}'.")]
    public static partial void CallThrew(this ILogger logger, Exception exception, string method);
}
