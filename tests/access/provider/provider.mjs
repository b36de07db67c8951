// A real OpenID provider for the tests: node provider.mjs PORT REDIRECT_URI PEOPLE_JSON
// Its people sign in with their name and any password. Their claims are those of an Entra ID tenant.
import { Provider } from 'oidc-provider';

const [port, redirect, people] = process.argv.slice(2);
const PEOPLE = JSON.parse(people);

const provider = new Provider(`http://127.0.0.1:${port}`, {
  clients: [{
    client_id: 'ccinsight',
    client_secret: 'the-secret-of-the-tests',
    redirect_uris: [redirect],
    post_logout_redirect_uris: [redirect],
  }],
  claims: {
    openid: ['sub', 'oid', 'tid', 'preferred_username', 'roles'],
    email: ['email', 'email_verified'],
    profile: ['name'],
  },
  conformIdTokenClaims: false,
  cookies: { keys: ['signs the cookies of the tests'] },
  features: { devInteractions: { enabled: true }, rpInitiatedLogout: { enabled: true } },
  pkce: { required: () => true },
  ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 3600, IdToken: 600, Interaction: 600, Session: 3600 },
  findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...PEOPLE[id] }) }),
});

provider.listen(Number(port), '127.0.0.1', () => console.log('listening'));
