using System.Net;
using Microsoft.Extensions.Options;
using Minion.ServiceDefaults.Addresses;

namespace Minion.Tools.BuiltIn.Http;

/// <summary>Decides which addresses may be connected to: public ones, and what the configuration allows.</summary>
internal sealed class AddressGuard
{
    private readonly bool _allowAll;
    private readonly IPNetwork[] _allowed;

    /// <exception cref="OptionsValidationException">A setting is no network.</exception>
    public AddressGuard(HttpGetOptions options)
    {
        var problems = options.Problems().ToList();
        if (problems.Count > 0)
        {
            throw new OptionsValidationException(HttpGetOptions.Section, typeof(HttpGetOptions), problems);
        }

        _allowAll = options.AllowPrivateAddresses;
        _allowed = [.. options.AllowedNetworks.Select(IPNetwork.Parse)];
    }

    public bool Allows(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return _allowAll || AddressRules.IsPublic(address) || Array.Exists(_allowed, network => network.Contains(plain));
    }
}

/// <summary>A host has no address that may be connected to.</summary>
internal sealed class AddressRefusedException(string host) : IOException($"'{host}' has no address that may be connected to.");
