using Microsoft.AspNetCore.Http;

namespace Minion.ServiceDefaults.Faults;

/// <summary>How failures look to the clients of an API that has a form of its own for them; everything else gets problem details (RFC 9457).</summary>
public interface IFaultForm
{
    /// <summary>Whether the path belongs to the API.</summary>
    bool IsFor(PathString path);

    /// <summary>Writes status, headers and body of a response that has not started.</summary>
    Task WriteAsync(HttpContext context, FaultDescription fault);
}
