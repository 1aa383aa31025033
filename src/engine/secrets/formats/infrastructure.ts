/** Infrastructure as code, containers, clusters and vaults. */
import { type FormatRow, row } from './row.ts';

/** Rows of the table, in the order in which they are tried. */
export const INFRASTRUCTURE: readonly FormatRow[] = [
  row('terraform-cloud', 'HashiCorp', 'Terraform Cloud API token', '{b62:14}.atlasv1.{b64u:60-70}', 'critical', 'app.terraform.io/app/settings/tokens'),
  row('pulumi', 'Pulumi', 'Pulumi access token', 'pul-{hex:40}', 'critical', 'app.pulumi.com/account/tokens'),
  row('infracost', 'Infracost', 'Infracost API key', 'ico-{b62:32}', 'low', 'dashboard.infracost.io'),
  row('dockerhub-pat', 'Docker Hub', 'Docker Hub access token', 'dckr_pat_{b64u:27}', 'critical', 'app.docker.com/settings/personal-access-tokens'),
  row('dockerhub-oat', 'Docker Hub', 'Docker Hub organisation access token', 'dckr_oat_{b64u:32}', 'critical', 'app.docker.com'),
  row('docker-swarm-join', 'Docker', 'Docker Swarm join token', 'SWMTKN-1-{l36:50}-{l36:25}', 'high', '', { step: 'Rotate it with docker swarm join-token --rotate.' }),
  row('docker-swarm-unlock', 'Docker', 'Docker Swarm unlock key', 'SWMKEY-1-{b64:43}', 'high', '', { step: 'Rotate it with docker swarm unlock-key --rotate.' }),
  row('quay-robot', 'Quay', 'Quay robot token', '{u36:64}', 'high', 'quay.io', { context: 'quay' }),
  row('k8s-bootstrap', 'Kubernetes', 'Kubernetes bootstrap token', '{l36:6}.{l36:16}', 'high', '', { context: '=bootstrap kubeadm kubernetes k8s', step: 'Delete it with kubeadm token delete.' }),
  row('openshift', 'OpenShift', 'OpenShift user token', 'sha256~{b64u:43}', 'critical', ''),
  row('vault-service', 'HashiCorp Vault', 'Vault service token', 'hvs.{b64u:90-300}', 'critical', '', { step: 'Revoke it with vault token revoke.' }),
  row('vault-root', 'HashiCorp Vault', 'Vault root token', 'hvs.{b62:24}', 'critical', '', { step: 'Revoke it with vault token revoke.' }),
  row('vault-batch', 'HashiCorp Vault', 'Vault batch token', 'hvb.{b64u:138-300}', 'critical', '', { step: 'It ends by itself after a time; until then it is good.' }),
  row('vault-recovery', 'HashiCorp Vault', 'Vault recovery token', 'hvr.{b64u:90-300}', 'critical', '', { step: 'Revoke it with vault token revoke.' }),
  row('vault-legacy', 'HashiCorp Vault', 'Vault token (old)', '{s|b|r}.{b62:24}', 'critical', '', { context: '=vault', step: 'Revoke it with vault token revoke.' }),
  row('vault-unseal', 'HashiCorp Vault', 'Vault unseal key', '{b64:43}{b64:0-1}{=|}', 'critical', '', { context: 'unseal', step: 'Make new keys with vault operator rekey.' }),
  row('vault-unseal-hex', 'HashiCorp Vault', 'Vault unseal key (in hexadecimal)', '{hex:64}{hex:0-2}', 'critical', '', { context: 'unseal', step: 'Make new keys with vault operator rekey.' }),
  row('ansible-vault', 'Ansible', 'Ansible Vault file (encrypted)', '$ANSIBLE_VAULT;1.{1|2};AES256', 'info', ''),
  row('hcp-client-secret', 'HashiCorp', 'HCP client secret', '{b64u:64}', 'critical', 'portal.cloud.hashicorp.com', { context: '=hcp' }),
  row('dockerconfigjson', 'Kubernetes', 'Kubernetes pull secret (Docker config in base64)', 'eyJhdXRocyI6{b64:60-4000}{=:0-2}', 'critical', '', { check: 'json' }),
  row('jenkins-credentials', 'Jenkins', 'Jenkins credential (encrypted with a key beside it)', 'AQAAABAAAA{b64:34-300}{=:0-2}', 'high', ''),
  row('sops', 'SOPS', 'SOPS value (encrypted)', 'ENC[AES256_GCM,data:{b64:4-2000}{=:0-2},iv:', 'info', ''),
  row('portainer', 'Portainer', 'Portainer access token', 'ptr_{b64:43}=', 'critical', '', { step: 'Delete it in Portainer, under My account.' }),
];
